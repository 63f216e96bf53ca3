/** Tests of the examination of a cluster. */
@NullMarked
package dev.kvstore.cli.doctor;

import org.jspecify.annotations.NullMarked;
