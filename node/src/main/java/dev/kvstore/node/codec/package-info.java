/** Text forms of documents that several parts of a node share. */
@NullMarked
package dev.kvstore.node.codec;

import org.jspecify.annotations.NullMarked;
