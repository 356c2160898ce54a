package io.attribution.drift;

import io.attribution.drift.FeatureMove.Sign;
import io.attribution.statistics.EffectiveSize;
import io.attribution.statistics.FalseDiscovery;
import io.attribution.statistics.KolmogorovSmirnov;
import io.attribution.statistics.RankingGain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A window of rows beside the reference: what moved, beyond what chance explains.
 *
 * <p>Distributions of the features that contribute most are compared by Kolmogorov-Smirnov, with
 * Benjamini-Hochberg's bound for as many tests as there are features; moves that are certain but
 * small do not count. A series with a memory counts as the fewer independent values that it is
 * worth, by the reference's correlation from row to row. Raw values are looked at for all features:
 * far outside the reference's range, or constant where they were not.
 *
 * @param rankingGain nDCG of the window's ranking of features by mean |contribution|, against the
 *     reference's; 1 for the same
 * @param otherTop share of rows that would need another top feature for the two to look alike
 * @param contributions contributions that moved, by decreasing distance
 * @param inputs raw values that moved, by decreasing distance
 */
record AttributionComparison(
    double rankingGain,
    double otherTop,
    List<FeatureMove> contributions,
    List<FeatureMove> inputs) {

  /** Features tested: those that contribute most, of the reference and of the window. */
  private static final int TOP = 32;

  /** The smallest Kolmogorov-Smirnov distance that is worth an alert. */
  static final double SMALLEST_DISTANCE = 0.1;

  /** How far outside the reference's range is far, in lengths of that range. */
  private static final double MARGIN = 0.5;

  /** The share of values outside that is worth an alert. */
  private static final double SMALLEST_SHARE = 0.01;

  /**
   * @param names of the features, D
   * @param falseAlarmRate probability that rows of one distribution count as moved
   */
  static AttributionComparison of(
      RowWindow reference, RowWindow window, List<String> names, double falseAlarmRate) {
    double[] before = reference.meanContributions();
    double[] now = window.meanContributions();
    int[] top =
        IntStream.concat(Arrays.stream(top(before)), Arrays.stream(top(now))).distinct().toArray();
    // Contributions, inputs by distance, inputs by range and constancy: a third for each.
    double rate = falseAlarmRate / 3;
    List<FeatureMove> inputs =
        new ArrayList<>(moves(Sign.INPUT, top, names, reference::inputs, window::inputs, rate));
    addLost(inputs, reference, window, names, rate);
    inputs.sort(Comparator.comparingDouble(FeatureMove::statistic).reversed());
    return new AttributionComparison(
        RankingGain.ndcg(before, now),
        distance(reference.topShares(), window.topShares()),
        moves(Sign.CONTRIBUTION, top, names, reference::contributions, window::contributions, rate),
        inputs);
  }

  private static int[] top(double[] means) {
    return IntStream.range(0, means.length)
        .boxed()
        .sorted(Comparator.comparingDouble(k -> -means[k]))
        .limit(TOP)
        .mapToInt(k -> k)
        .toArray();
  }

  /** Total variation: half the sum of the differences. */
  private static double distance(double[] shares, double[] others) {
    return IntStream.range(0, shares.length).mapToDouble(k -> Math.abs(shares[k] - others[k])).sum()
        / 2;
  }

  private static List<FeatureMove> moves(
      Sign sign,
      int[] features,
      List<String> names,
      IntFunction<double[]> reference,
      IntFunction<double[]> window,
      double rate) {
    KolmogorovSmirnov[] tests = new KolmogorovSmirnov[features.length];
    double[] pValues = new double[features.length];
    for (int i = 0; i < features.length; i++) {
      double[] before = reference.apply(features[i]);
      double[] now = window.apply(features[i]);
      tests[i] = KolmogorovSmirnov.of(before, now);
      pValues[i] = tests[i].pValue(before.length, now.length, EffectiveSize.share(before));
    }
    double[] adjusted = FalseDiscovery.adjusted(pValues);
    List<FeatureMove> moves = new ArrayList<>();
    for (int i = 0; i < features.length; i++) {
      if (adjusted[i] < rate && tests[i].statistic() >= SMALLEST_DISTANCE) {
        int k = features[i];
        moves.add(move(sign, k, names, tests[i].statistic(), reference.apply(k), window.apply(k)));
      }
    }
    moves.sort(Comparator.comparingDouble(FeatureMove::statistic).reversed());
    return moves;
  }

  private static FeatureMove move(
      Sign sign, int k, List<String> names, double statistic, double[] before, double[] now) {
    return new FeatureMove(names.get(k), k, sign, statistic, mean(before), mean(now));
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }

  /** Range and constancy, for every feature. */
  private static void addLost(
      List<FeatureMove> moves,
      RowWindow reference,
      RowWindow window,
      List<String> names,
      double rate) {
    double enough = Math.max(SMALLEST_SHARE, shareByChance(reference, window, rate / names.size()));
    for (int k = 0; k < names.size(); k++) {
      double[] before = reference.inputs(k);
      double[] now = window.inputs(k);
      double outside = outside(before, now);
      double memory = EffectiveSize.share(before);
      if (outside > enough / memory) {
        moves.add(move(Sign.RANGE, k, names, outside, before, now));
      }
      if (becameConstant(before, now, memory, rate / names.size())) {
        moves.add(move(Sign.CONSTANT, k, names, 1, before, now));
      }
    }
  }

  /**
   * The share of the window's values that may lie beyond the reference's largest, or smallest, by
   * chance: of n + m values of one distribution the j largest are all of the window's m with
   * probability (m / (n + m))^j at most, whatever the distribution.
   */
  private static double shareByChance(RowWindow reference, RowWindow window, double rate) {
    double ofWindow = (double) window.size() / (reference.size() + window.size());
    return Math.log(rate / 2) / Math.log(ofWindow) / window.size();
  }

  private static double outside(double[] before, double[] now) {
    double low = Arrays.stream(before).min().orElseThrow();
    double high = Arrays.stream(before).max().orElseThrow();
    double margin = MARGIN * (high - low);
    if (margin == 0) {
      return 0;
    }
    return (double) Arrays.stream(now).filter(x -> x < low - margin || x > high + margin).count()
        / now.length;
  }

  /** Constant now, and that is no chance: the value was not that frequent before. */
  private static boolean becameConstant(double[] before, double[] now, double memory, double rate) {
    double value = now[0];
    if (Arrays.stream(now).anyMatch(x -> x != value)) {
      return false;
    }
    // One more than was seen of n + 1: a value that was always there is not certain to stay.
    double share =
        (Arrays.stream(before).filter(x -> x == value).count() + 1.0) / (before.length + 1.0);
    return Math.pow(share, memory * now.length) < rate;
  }
}
