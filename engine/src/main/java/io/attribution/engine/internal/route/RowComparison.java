package io.attribution.engine.internal.route;

import io.attribution.engine.attribution.Attributions;
import io.attribution.engine.attribution.Route;
import io.attribution.engine.bundle.Preprocessing;
import io.attribution.engine.internal.jacobian.Agreement;
import io.attribution.engine.matrix.FloatMatrix;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntFunction;

/**
 * Compares two routes on a few rows of a batch. Next to a kink two right routes may take different
 * sides, so that a row which differs is not yet a fault: it is one when most of its neighbours, a
 * little to either side, differ as well.
 */
final class RowComparison implements GuardedRoute.SpotCheck {
  private static final int ROWS = 4;
  private static final int NEIGHBOURS = 3;

  /** How far a neighbour lies, relative to the row's largest feature: far beyond rounding. */
  private static final float STEP = 1e-3f;

  private final Route fast;
  private final Route slow;
  private final Preprocessing preprocessing;
  private final IntFunction<Attributions> allocate;

  /**
   * @param allocate memory for a number of rows
   */
  RowComparison(
      Route fast, Route slow, Preprocessing preprocessing, IntFunction<Attributions> allocate) {
    this.fast = fast;
    this.slow = slow;
    this.preprocessing = preprocessing;
    this.allocate = allocate;
  }

  @Override
  public Optional<String> disagreement(FloatMatrix features, Attributions results) {
    int count = Math.min(ROWS, features.rows());
    for (int i = 0; i < count; i++) {
      int row = (int) ((long) i * features.rows() / count);
      FloatMatrix given = features.slice(row, row + 1);
      FloatMatrix x = inRange(given);
      OptionalDouble difference =
          x == given ? difference(x, results.slice(row, row + 1)) : difference(x);
      if (difference.isPresent() && mostNeighboursDiffer(x)) {
        return Optional.of(
            "row " + row + " of a batch of " + features.rows() + " by " + difference.getAsDouble());
      }
    }
    return Optional.empty();
  }

  /**
   * The row itself, or a nearer one where it is so far away that steps overflow: two right routes
   * may overflow at different steps, and one record must not decide which of them is trusted.
   */
  private FloatMatrix inRange(FloatMatrix x) {
    return preprocessing.scaledDown(x.row(0)).map(FloatMatrix::of).orElse(x);
  }

  private boolean mostNeighboursDiffer(FloatMatrix x) {
    int differing = 0;
    for (int n = 1; n <= NEIGHBOURS; n++) {
      differing += difference(neighbour(x, n)).isPresent() ? 1 : 0;
    }
    return 2 * differing > NEIGHBOURS;
  }

  private OptionalDouble difference(FloatMatrix x) {
    Attributions results = allocate.apply(1);
    fast.attribute(x, results);
    return difference(x, results);
  }

  /** The row moved along a direction of its own: signs by the bits of the feature's index. */
  private static FloatMatrix neighbour(FloatMatrix x, int number) {
    float[] values = x.row(0);
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int k = 0; k < values.length; k++) {
      values[k] += (Integer.bitCount(k * number + number) % 2 == 0 ? STEP : -STEP) * largest;
    }
    return FloatMatrix.of(values);
  }

  /** How far the slow route is from the results of one row; nothing when they agree. */
  private OptionalDouble difference(FloatMatrix x, Attributions results) {
    Attributions expected = allocate.apply(1);
    slow.attribute(x, expected);
    double difference = relative(expected.embedding(), results.embedding());
    if (expected.base().isPresent()) {
      difference =
          Math.max(
              difference, relative(expected.base().orElseThrow(), results.base().orElseThrow()));
    }
    if (expected.contributions().isPresent()) {
      difference =
          Math.max(
              difference,
              relative(
                  expected.contributions().orElseThrow(), results.contributions().orElseThrow()));
    }
    if (expected.reduced().isPresent()) {
      difference =
          Math.max(
              difference,
              relative(expected.reduced().orElseThrow(), results.reduced().orElseThrow()));
    }
    return difference <= Agreement.FLOAT32 ? OptionalDouble.empty() : OptionalDouble.of(difference);
  }

  /**
   * The largest difference of one row, relative to its largest value. Where both routes overflow,
   * what is finite in both is compared: which values an overflow reaches depends on the order of
   * sums.
   */
  private static double relative(FloatMatrix expected, FloatMatrix actual) {
    float[] e = expected.row(0);
    float[] a = actual.row(0);
    if (expected.firstNotFinite(0).isPresent()) {
      if (actual.firstNotFinite(0).isEmpty()) {
        return Double.POSITIVE_INFINITY;
      }
      for (int k = 0; k < e.length; k++) {
        boolean both = Float.isFinite(e[k]) && Float.isFinite(a[k]);
        e[k] = both ? e[k] : 0;
        a[k] = both ? a[k] : 0;
      }
    }
    return Agreement.difference(a, e, Agreement.largest(e));
  }
}
