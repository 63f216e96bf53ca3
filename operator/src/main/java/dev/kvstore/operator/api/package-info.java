/** The custom resource: what a user may ask for, and what is reported back. */
@NullMarked
package dev.kvstore.operator.api;

import org.jspecify.annotations.NullMarked;
