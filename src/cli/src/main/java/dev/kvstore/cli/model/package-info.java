/** The words of the HTTP interface: keys, values, addresses, and what nodes tell of themselves. */
@NullMarked
package dev.kvstore.cli.model;

import org.jspecify.annotations.NullMarked;
