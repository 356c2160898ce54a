package io.attribution.drift.detector;

import java.util.function.DoubleUnaryOperator;

/**
 * The classic parameters for what people ask for, for a chart of standardised values.
 *
 * <ul>
 *   <li>CUSUM: k is half the shift in sigma (Page 1954), between 1/4 and 1. Below, the mean of the
 *       baseline is not known that well; above, single values decide, and real ones have heavier
 *       tails than the normal distribution. h solves ARL(k, h) = ARL0.
 *   <li>EWMA: λ = 0.12·shift², between 0.05 and 0.3, which is near the optima of Lucas and Saccucci
 *       (Technometrics 32, 1990; 0.05 for half a sigma, 0.13 for one, 0.25 for 1.5); small λ are
 *       also the ones that bear other distributions (Borror, Montgomery and Runger 1999). L solves
 *       ARL(λ, L) = ARL0 with the limits' final width: the exact limits, narrower at the start,
 *       lose a few per cent.
 *   <li>Page-Hinkley: δ = k and λ = h; with its mean known, the test is CUSUM.
 *   <li>ADWIN: δ = clock / ARL0: a check errs with probability δ at most, and there is one in every
 *       clock values. It is a bound, usually far from reached.
 * </ul>
 *
 * <p>A learned baseline is wrong by something, for which {@link Baseline#allowance} is added to k
 * and to the EWMA's limits.
 */
final class ChartDesign {
  private static final double SMALLEST_REFERENCE = 0.25;
  private static final double LARGEST_REFERENCE = 1;
  private static final double SMALLEST_LAMBDA = 0.05;
  private static final double LARGEST_LAMBDA = 0.3;
  private static final double WIDEST = 200;
  private static final int HALVINGS = 40;
  private static final int LEAST_OBSERVATIONS = 30;

  private ChartDesign() {}

  static Cusum.Settings cusum(Sensitivity wanted, Baseline baseline) {
    double k = reference(wanted, baseline);
    return new Cusum.Settings(k + baseline.allowance(), interval(wanted, k), wanted.direction());
  }

  static PageHinkley.Settings pageHinkley(Sensitivity wanted, Baseline baseline) {
    double k = reference(wanted, baseline);
    return new PageHinkley.Settings(
        k + baseline.allowance(),
        interval(wanted, k),
        1,
        LEAST_OBSERVATIONS,
        Math.max(LEAST_OBSERVATIONS, baseline.observations()),
        wanted.direction());
  }

  private static double reference(Sensitivity wanted, Baseline baseline) {
    double half = wanted.shift() / baseline.sigma() / 2;
    return Math.min(LARGEST_REFERENCE, Math.max(SMALLEST_REFERENCE, half));
  }

  /** h for ARL0; two sides err twice as often as one. */
  private static double interval(Sensitivity wanted, double reference) {
    double each = wanted.falseAlarmEvery() * (wanted.direction() == Direction.BOTH ? 2 : 1);
    return solve(h -> AverageRunLength.cusum(reference, h, 0), each);
  }

  static Ewma.Settings ewma(Sensitivity wanted, Baseline baseline) {
    double shift = wanted.shift() / baseline.sigma();
    double lambda = Math.min(LARGEST_LAMBDA, Math.max(SMALLEST_LAMBDA, 0.12 * shift * shift));
    double both = wanted.falseAlarmEvery() / (wanted.direction() == Direction.BOTH ? 1 : 2);
    double limit = solve(l -> AverageRunLength.ewma(lambda, l, 0), both);
    return new Ewma.Settings(lambda, limit, baseline.allowance(), wanted.direction());
  }

  static Adwin.Settings adwin(Sensitivity wanted) {
    return Adwin.Settings.river(Adwin.Settings.CLOCK / wanted.falseAlarmEvery())
        .watching(wanted.direction(), wanted.shift() / 2);
  }

  /** Where a rising function of the limit reaches the value; it is first bracketed from below. */
  private static double solve(DoubleUnaryOperator runLength, double wanted) {
    double low = 0.1;
    double high = 1;
    while (high < WIDEST && runLength.applyAsDouble(high) < wanted) {
      low = high;
      high += 1;
    }
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (runLength.applyAsDouble(middle) < wanted) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
