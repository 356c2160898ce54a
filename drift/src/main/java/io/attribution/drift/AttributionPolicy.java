package io.attribution.drift;

import io.attribution.engine.bundle.WatchLimits;
import java.time.Duration;

/**
 * When attributions count as drifted.
 *
 * @param contributions name of the reduction; contributions of another reduction are not comparable
 * @param referenceRows sampled rows that become the reference of a model without one, at least 2
 * @param windowRows sampled rows that are compared with the reference at a time, at least 2
 * @param minimumRankingGain nDCG of the features' ranking below which drift is critical
 * @param falseAlarmRate probability that a window of unchanged rows is an alarm
 * @param resolveAfter time without an alarm after which an alert is resolved, in event time
 */
public record AttributionPolicy(
    String contributions,
    int referenceRows,
    int windowRows,
    double minimumRankingGain,
    double falseAlarmRate,
    Duration resolveAfter) {

  /**
   * The same policy with fewer rows for a model with very many features, to bound the memory.
   *
   * @param features D, at most {@link WatchLimits#MOST_FEATURES}
   */
  AttributionPolicy limitedTo(int features) {
    int most = WatchLimits.mostRows(features);
    return new AttributionPolicy(
        contributions,
        Math.min(referenceRows, most),
        Math.min(windowRows, most),
        minimumRankingGain,
        falseAlarmRate,
        resolveAfter);
  }
}
