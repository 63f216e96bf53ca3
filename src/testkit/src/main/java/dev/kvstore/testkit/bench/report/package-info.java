/** What the benchmark prints: tables, for a terminal, as Markdown and as JSON. */
@NullMarked
package dev.kvstore.testkit.bench.report;

import org.jspecify.annotations.NullMarked;
