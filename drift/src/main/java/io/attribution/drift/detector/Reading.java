package io.attribution.drift.detector;

/**
 * What a detector says about an observation.
 *
 * @param alarm whether it is beyond the threshold
 * @param statistic the number that is compared; its unit is the detector's
 * @param threshold what it is compared with; infinite while nothing can be said
 * @param since how many observations ago the change is judged to have begun; 0 is the present one.
 *     Means something with an alarm only.
 */
public record Reading(boolean alarm, double statistic, double threshold, long since) {

  /** Nothing can be said yet, or was not asked. */
  static final Reading SILENT = new Reading(false, 0, Double.POSITIVE_INFINITY, 0);

  static Reading of(double statistic, double threshold, long since) {
    return new Reading(statistic > threshold, statistic, threshold, since);
  }
}
