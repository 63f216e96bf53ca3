/** What clients asked of the store, when, and what they were told: the evidence that checkers judge. */
@NullMarked
package dev.kvstore.testkit.history;

import org.jspecify.annotations.NullMarked;
