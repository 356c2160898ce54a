/** What was measured, as JSON, tables and pictures. */
@NullMarked
package io.attribution.benchmarks.report;

import org.jspecify.annotations.NullMarked;
