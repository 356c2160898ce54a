/**
 * Comparisons of samples and rankings: Kolmogorov-Smirnov, population stability, nDCG,
 * Benjamini-Hochberg. Pure.
 */
@NullMarked
package io.attribution.statistics;

import org.jspecify.annotations.NullMarked;
