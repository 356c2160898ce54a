package io.attribution.drift;

import io.attribution.drift.FeatureMove.Sign;
import io.attribution.drift.statistics.BenjaminiHochberg;
import io.attribution.drift.statistics.KolmogorovSmirnov;
import io.attribution.engine.attribution.ExplainedRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The tests of a window's features against the reference's.
 *
 * <p>The distributions of the features that contribute most are compared by Kolmogorov-Smirnov
 * tests, with Benjamini-Hochberg's correction; significant but small moves do not count. An
 * autocorrelated series counts as its effective number of independent values. The raw values of all
 * features are checked for values far outside the reference's range, and for becoming constant.
 */
final class FeatureComparison {
  /** The smallest Kolmogorov-Smirnov distance that is worth an alert. */
  static final double SMALLEST_DISTANCE = 0.1;

  /** Features tested: those that contribute most, of the reference and of the window. */
  private static final int TOP = 32;

  /** Distance outside the reference's range that is far, in lengths of that range. */
  private static final double MARGIN = 0.5;

  /** The smallest share of values far outside that is worth an alert. */
  private static final double SMALLEST_SHARE = 0.01;

  private static final Comparator<FeatureMove> FARTHEST_FIRST =
      Comparator.comparingDouble(FeatureMove::statistic).reversed();

  private final Reference reference;
  private final RowWindow<ExplainedRow> before;
  private final RowWindow<SampleRow> now;
  private final List<String> names;
  private final double rate;
  private final int[] top;

  /**
   * @param names of the features, D
   * @param falseAlarmRate probability that rows of one distribution count as moved
   * @param top the features whose distributions are compared
   */
  FeatureComparison(
      Reference reference,
      RowWindow<SampleRow> window,
      List<String> names,
      double falseAlarmRate,
      int[] top) {
    this.reference = reference;
    this.before = reference.rows();
    this.now = window;
    this.names = names;
    // A third each: contributions by distance, inputs by distance, inputs by range and constancy.
    this.rate = falseAlarmRate / 3;
    this.top = top;
  }

  /**
   * The features that contribute most to either.
   *
   * @param means mean |contribution| of every feature, D
   * @param others the same for the other rows
   */
  static int[] top(double[] means, double[] others) {
    return IntStream.concat(top(means), top(others)).distinct().toArray();
  }

  private static IntStream top(double[] means) {
    return IntStream.range(0, means.length)
        .boxed()
        .sorted(Comparator.comparingDouble(k -> -means[k]))
        .limit(TOP)
        .mapToInt(k -> k);
  }

  /** Contributions that moved, by decreasing distance. */
  List<FeatureMove> contributions() {
    return moves(Sign.CONTRIBUTION, before::contributions, now::contributions);
  }

  /** Raw values that moved, left their range or became constant, by decreasing statistic. */
  List<FeatureMove> inputs() {
    List<FeatureMove> moves = new ArrayList<>(moves(Sign.INPUT, before::inputs, now::inputs));
    double farOutside = Math.max(SMALLEST_SHARE, shareByChance());
    for (int k = 0; k < names.size(); k++) {
      addLost(moves, k, farOutside);
    }
    moves.sort(FARTHEST_FIRST);
    return moves;
  }

  private List<FeatureMove> moves(
      Sign sign, IntFunction<double[]> reference, IntFunction<double[]> window) {
    KolmogorovSmirnov[] tests = new KolmogorovSmirnov[top.length];
    double[] pValues = new double[top.length];
    for (int i = 0; i < top.length; i++) {
      double[] first = reference.apply(top[i]);
      double[] second = window.apply(top[i]);
      tests[i] = KolmogorovSmirnov.of(first, second);
      pValues[i] = pValue(tests[i], first, second);
    }
    double[] adjusted = BenjaminiHochberg.adjusted(pValues);
    List<FeatureMove> moves = new ArrayList<>();
    for (int i = 0; i < top.length; i++) {
      double distance = tests[i].statistic();
      if (adjusted[i] < rate && distance >= SMALLEST_DISTANCE) {
        moves.add(move(sign, top[i], distance, reference.apply(top[i]), window.apply(top[i])));
      }
    }
    moves.sort(FARTHEST_FIRST);
    return moves;
  }

  private double pValue(KolmogorovSmirnov test, double[] first, double[] second) {
    double share = reference.effectiveShare(first, second);
    return test.pValue(
        first.length, second.length, reference.shareOfBoth(share, first.length, second.length));
  }

  private FeatureMove move(Sign sign, int k, double statistic, double[] first, double[] second) {
    return new FeatureMove(names.get(k), k, sign, statistic, mean(first), mean(second));
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }

  /**
   * Range and constancy of one feature. Autocorrelation is computed only on suspicion: it costs.
   */
  private void addLost(List<FeatureMove> moves, int k, double farOutside) {
    double[] first = before.inputs(k);
    double[] second = now.inputs(k);
    double outside = outside(first, second);
    if (outside > farOutside && outside > farOutside / reference.effectiveShare(first, second)) {
      moves.add(move(Sign.RANGE, k, outside, first, second));
    }
    if (becameConstant(first, second)) {
      moves.add(move(Sign.CONSTANT, k, 1, first, second));
    }
  }

  /**
   * The share of the window's values that may be above the reference's maximum, or below its
   * minimum, by chance: of n + m values of one distribution the j largest are all among the
   * window's m with probability (m / (n + m))^j at most, whatever the distribution.
   */
  private double shareByChance() {
    double ofWindow = (double) now.size() / (before.size() + now.size());
    return Math.log(rate / names.size() / 2) / Math.log(ofWindow) / now.size();
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

  /** Constant now, where chance does not explain it: the value was rarer in the reference. */
  private boolean becameConstant(double[] first, double[] second) {
    double value = second[0];
    if (Arrays.stream(second).anyMatch(x -> x != value)) {
      return false;
    }
    // Laplace's rule of succession: a value that was always there is not certain to stay.
    double share =
        (Arrays.stream(first).filter(x -> x == value).count() + 1.0) / (first.length + 1.0);
    return share <= reference.mostFrequentConstant()
        && isSignificant(share, 1)
        && isSignificant(share, effectiveShareOfConstant(first));
  }

  private boolean isSignificant(double share, double effectiveShare) {
    return Math.pow(share, effectiveShare * now.size()) < rate / names.size();
  }

  /**
   * A constant has no autocorrelation. A stream's own reference has the feature's from before; of a
   * window alone the strongest among the other features counts.
   */
  private double effectiveShareOfConstant(double[] first) {
    return reference.isOfTraining()
        ? Arrays.stream(top)
            .mapToDouble(k -> reference.effectiveShare(first, now.inputs(k)))
            .min()
            .orElse(1)
        : reference.effectiveShare(first, first);
  }
}
