/** Tests of the interface's words. */
@NullMarked
package dev.kvstore.cli.model;

import org.jspecify.annotations.NullMarked;
