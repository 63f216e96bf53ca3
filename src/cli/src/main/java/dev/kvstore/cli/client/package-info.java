/** Talks to nodes over HTTP: keys, requests, who to ask next when a node is away, and what may not be asked twice. */
@NullMarked
package dev.kvstore.cli.client;

import org.jspecify.annotations.NullMarked;
