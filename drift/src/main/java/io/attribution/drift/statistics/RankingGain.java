package io.attribution.drift.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Normalised discounted cumulative gain: how well a ranking of features agrees with a reference.
 * The features are ordered by their scores; each adds its relevance in the reference, divided by
 * log2(place + 1); the sum is divided by that of the best order. 1 for the same order.
 *
 * <p>Source: K. Järvelin and J. Kekäläinen, ACM TOIS 20 (2002), with linear gains; features with
 * equal scores share the mean of their relevances (F. McSherry and M. Najork, 2008), as
 * scikit-learn's {@code ndcg_score} does it.
 */
public final class RankingGain {
  private RankingGain() {}

  /**
   * @param relevance of each feature in the reference, such as its mean |contribution|; finite, 0
   *     or more
   * @param scores of each feature now, in the same order; finite
   * @param k number of places that count
   * @return 0 to 1; 1 where no feature has any relevance: no order is wrong
   */
  public static double ndcg(double[] relevance, double[] scores, int k) {
    requireRanking(relevance, scores, k);
    double ideal = gain(relevance, relevance, k);
    return ideal == 0 ? 1 : gain(relevance, scores, k) / ideal;
  }

  /** Over all places. */
  public static double ndcg(double[] relevance, double[] scores) {
    return ndcg(relevance, scores, relevance.length);
  }

  private static void requireRanking(double[] relevance, double[] scores, int k) {
    Samples.requireFinite(relevance);
    Samples.requireFinite(scores);
    if (relevance.length != scores.length || k < 1) {
      throw new IllegalArgumentException(
          relevance.length + " relevances, " + scores.length + " scores, k = " + k);
    }
    if (Arrays.stream(relevance).anyMatch(r -> r < 0)) {
      throw new IllegalArgumentException("relevances must be 0 or more");
    }
  }

  private static double gain(double[] relevance, double[] scores, int k) {
    int[] order = byDecreasing(scores);
    double sum = 0;
    for (int from = 0; from < Math.min(k, order.length); ) {
      int to = from;
      double relevances = 0;
      double discounts = 0;
      while (to < order.length && scores[order[to]] == scores[order[from]]) {
        relevances += relevance[order[to]];
        discounts += to < k ? 1 / log2(to + 2) : 0;
        to++;
      }
      sum += relevances / (to - from) * discounts;
      from = to;
    }
    return sum;
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }

  /** 0.0 − x, not −x: zeros are equal whatever their sign. */
  private static int[] byDecreasing(double[] scores) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> 0.0 - scores[i]))
        .mapToInt(i -> i)
        .toArray();
  }
}
