/** Orders of whoever operates a cluster: what they change, and which of them are refused. */
@NullMarked
package dev.kvstore.node.order;

import org.jspecify.annotations.NullMarked;
