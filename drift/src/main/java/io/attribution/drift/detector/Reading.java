package io.attribution.drift.detector;

/**
 * What the detector found at an observation.
 *
 * @param alarm whether the statistic is above the threshold
 * @param statistic the CUSUM, in standard deviations of the baseline
 * @param threshold the decision interval h; infinite while the baseline is learned
 * @param since how many observations ago the change is judged to have begun; 0 is the present one.
 *     Meaningful with an alarm only.
 */
public record Reading(boolean alarm, double statistic, double threshold, long since) {
  /** While the baseline is learned. */
  static final Reading SILENT = new Reading(false, 0, Double.POSITIVE_INFINITY, 0);
}
