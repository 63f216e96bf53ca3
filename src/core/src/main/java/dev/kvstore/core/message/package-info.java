/** What members tell each other. */
@NullMarked
package dev.kvstore.core.message;

import org.jspecify.annotations.NullMarked;
