/** Comparisons of samples and rankings: Kolmogorov-Smirnov, nDCG, Benjamini-Hochberg. Pure. */
@NullMarked
package io.attribution.statistics;

import org.jspecify.annotations.NullMarked;
