/** Taking turns on a noisy machine, and what the samples say. */
@NullMarked
package io.attribution.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
