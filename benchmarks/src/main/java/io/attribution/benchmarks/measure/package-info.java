/** Turns on a noisy machine, what the samples say, and the pages that say it. */
@NullMarked
package io.attribution.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
