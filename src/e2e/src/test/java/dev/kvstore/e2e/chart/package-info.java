/** What needs no cluster: the chart, the plain manifests, and the pages that describe them. */
@NullMarked
package dev.kvstore.e2e.chart;

import org.jspecify.annotations.NullMarked;
