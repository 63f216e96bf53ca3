/** What is there: a cluster's objects and its ring at one time, and what can be read from them. */
@NullMarked
package dev.kvstore.operator.observed;

import org.jspecify.annotations.NullMarked;
