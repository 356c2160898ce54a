package io.attribution.drift;

import java.time.Duration;

/**
 * When attributions count as drifted.
 *
 * @param referenceRows sampled rows that the reference is made of, at least 2
 * @param windowRows sampled rows that are compared with it at a time, at least 2
 * @param minimumRankingGain nDCG of the features' ranking below which it is another ranking
 * @param falseAlarmRate probability that a window of unchanged rows is an alarm
 * @param resolveAfter how long nothing may be wrong before an alert is resolved, in event time
 */
public record AttributionPolicy(
    int referenceRows,
    int windowRows,
    double minimumRankingGain,
    double falseAlarmRate,
    Duration resolveAfter) {
  /** Rows · features, so that memory and time stay bounded for wide models. */
  private static final int MAX_VALUES = 4 << 20;

  private static final int FEWEST_ROWS = 50;

  /** The same with fewer rows where a model has very many features. */
  AttributionPolicy limitedTo(int features) {
    int most = Math.max(FEWEST_ROWS, MAX_VALUES / Math.max(1, features));
    return new AttributionPolicy(
        Math.min(referenceRows, most),
        Math.min(windowRows, most),
        minimumRankingGain,
        falseAlarmRate,
        resolveAfter);
  }
}
