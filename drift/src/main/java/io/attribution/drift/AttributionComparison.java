package io.attribution.drift;

import io.attribution.drift.statistics.RankingGain;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What moved between the reference and a window of rows, beyond what chance explains.
 *
 * @param rankingGain nDCG of the window's ranking of features by mean |contribution|, against the
 *     reference's; 1 for the same
 * @param otherTop total variation distance between the shares in which each feature is the top one
 * @param contributions contributions that moved, by decreasing distance
 * @param inputs raw values that moved, by decreasing distance
 */
record AttributionComparison(
    double rankingGain,
    double otherTop,
    List<FeatureMove> contributions,
    List<FeatureMove> inputs) {

  /**
   * @param names of the features, D
   * @param falseAlarmRate probability that rows of one distribution count as moved
   */
  static AttributionComparison of(
      Reference reference, RowWindow<SampleRow> window, List<String> names, double falseAlarmRate) {
    double[] before = reference.rows().meanContributions();
    double[] now = window.meanContributions();
    FeatureComparison tests =
        new FeatureComparison(
            reference, window, names, falseAlarmRate, FeatureComparison.top(before, now));
    return new AttributionComparison(
        RankingGain.ndcg(before, now),
        distance(reference.rows().topShares(), window.topShares()),
        tests.contributions(),
        tests.inputs());
  }

  /** Total variation: half the sum of the differences. */
  private static double distance(double[] shares, double[] others) {
    return IntStream.range(0, shares.length).mapToDouble(k -> Math.abs(shares[k] - others[k])).sum()
        / 2;
  }
}
