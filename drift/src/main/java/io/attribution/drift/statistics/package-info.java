/** Comparisons of samples and rankings: Kolmogorov-Smirnov, nDCG, Benjamini-Hochberg. Pure. */
@NullMarked
package io.attribution.drift.statistics;

import org.jspecify.annotations.NullMarked;
