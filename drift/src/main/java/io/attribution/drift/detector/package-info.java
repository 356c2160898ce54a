/**
 * Finds lasting growth of a relative error: CUSUM on log10 of the error, beside a baseline that is
 * learned from the first errors. Pure, of constant memory, restored bit by bit.
 *
 * <p>{@link io.attribution.drift.detector.CusumSettings} are a rate of false alarms and the
 * smallest growth to find; the chart's parameters follow from the average run length.
 */
@NullMarked
package io.attribution.drift.detector;

import org.jspecify.annotations.NullMarked;
