/** Tests of the HTTP client's parts. */
@NullMarked
package dev.kvstore.cli.client;

import org.jspecify.annotations.NullMarked;
