package io.attribution.drift;

import io.attribution.engine.bundle.WatchLimits;
import java.time.Duration;

/**
 * When attributions count as drifted.
 *
 * @param contributions how the contributions of rows are reduced: those reduced otherwise cannot be
 *     compared
 * @param referenceRows sampled rows that the reference is made of, at least 2, where the model
 *     brings none
 * @param windowRows sampled rows that are compared with it at a time, at least 2
 * @param minimumRankingGain nDCG of the features' ranking below which it is another ranking
 * @param falseAlarmRate probability that a window of unchanged rows is an alarm
 * @param resolveAfter how long nothing may be wrong before an alert is resolved, in event time
 */
public record AttributionPolicy(
    String contributions,
    int referenceRows,
    int windowRows,
    double minimumRankingGain,
    double falseAlarmRate,
    Duration resolveAfter) {

  /**
   * The same with fewer rows where a model has very many features.
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
