package io.attribution.engine.attribution;

import io.attribution.engine.attribution.Rejected.Reason;
import io.attribution.engine.bundle.Preprocessing;
import io.attribution.engine.matrix.DoubleMatrix;
import io.attribution.engine.matrix.FloatMatrix;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * Finds rows whose computation overflows without a trace. Where a norm's variance is beyond
 * float32, the norm divides by infinity: outputs and derivatives are 0, f(e) = J(e)·e holds, and
 * nothing is infinite any more. Which engine meets it first is a matter of the order of sums, so
 * the verdict is not left to them. Two kinds of rows are suspects:
 *
 * <ul>
 *   <li>a row whose squared length is beyond float32, though finite numbers came out;
 *   <li>a row that is large, and all zero.
 * </ul>
 *
 * <p>A suspect is asked about again, scaled down to where squares do not overflow. So far from the
 * origin biases no longer count, and layers that are linear in pieces scale with the row: what is
 * dead stays dead, and what is right has the scaled row's reconstruction times the scale, in each
 * output. Else a norm was in the way, and float32 has lost the row, or soon will.
 */
final class HiddenOverflow {
  /** Of an output, relative to itself: rounding is far below, and a norm far above. */
  private static final double TOLERANCE = 1e-4;

  private final Route route;
  private final Preprocessing preprocessing;
  private final IntFunction<Attributions> allocate;
  private final float harmless;

  /**
   * @param allocate memory for the results of a number of rows
   */
  HiddenOverflow(Route route, Preprocessing preprocessing, IntFunction<Attributions> allocate) {
    this.route = route;
    this.preprocessing = preprocessing;
    this.allocate = allocate;
    this.harmless = preprocessing.harmless();
  }

  /**
   * Rejects the rows that are beyond float32.
   *
   * @param features x, (n, D)
   * @param results of the n rows
   * @param outcomes of the n rows, to be changed
   */
  void reject(FloatMatrix features, Attributions results, List<Outcome> outcomes) {
    if (features.largest() <= harmless) {
      return;
    }
    Map<Integer, float[]> suspects = new TreeMap<>();
    for (int row = 0; row < outcomes.size(); row++) {
      if (!features.isWithin(row, harmless) && outcomes.get(row) instanceof Attributed) {
        float[] x = features.row(row);
        if (isBeyond(x) || isZero(results.reconstruction(), row)) {
          int suspect = row;
          preprocessing.scaledDown(x).ifPresent(nearer -> suspects.put(suspect, nearer));
        }
      }
    }
    if (!suspects.isEmpty()) {
      rejectLost(features, results, suspects, outcomes);
    }
  }

  private boolean isBeyond(float[] x) {
    return preprocessing.squaredLength(x) > Float.MAX_VALUE;
  }

  /**
   * @param suspects by row: one nearer to the mean
   */
  private void rejectLost(
      FloatMatrix features,
      Attributions results,
      Map<Integer, float[]> suspects,
      List<Outcome> outcomes) {
    Optional<DoubleMatrix> reconstructions =
        reconstructions(FloatMatrix.of(suspects.values().toArray(float[][]::new)));
    int i = 0;
    for (Map.Entry<Integer, float[]> suspect : suspects.entrySet()) {
      int row = suspect.getKey();
      int nearer = i++;
      float[] x = features.row(row);
      double scale =
          Math.sqrt(
              preprocessing.squaredLength(x) / preprocessing.squaredLength(suspect.getValue()));
      boolean scales =
          reconstructions
              .map(some -> scales(results.reconstruction(), row, scale, some, nearer))
              .orElse(!isBeyond(x));
      if (!scales) {
        outcomes.set(
            row,
            rejected(
                isBeyond(x)
                    ? "the row is beyond float32, in which its squares overflow"
                    : "all contributions are 0, because a step of the encoder overflows"));
      }
    }
  }

  /** Nothing where the encoder refuses rows that nobody sent. */
  private Optional<DoubleMatrix> reconstructions(FloatMatrix nearer) {
    Attributions results = allocate.apply(nearer.rows());
    try {
      route.attribute(nearer, results);
    } catch (RuntimeException e) {
      return Optional.empty();
    }
    return Optional.of(results.reconstruction());
  }

  private static boolean scales(
      DoubleMatrix far, int row, double scale, DoubleMatrix near, int nearRow) {
    for (int column = 0; column < far.columns(); column++) {
      double expected = scale * near.get(nearRow, column);
      // So that NaN does not pass.
      if (!(Math.abs(far.get(row, column) - expected) <= TOLERANCE * Math.abs(expected))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isZero(DoubleMatrix matrix, int row) {
    for (int column = 0; column < matrix.columns(); column++) {
      if (matrix.get(row, column) != 0) {
        return false;
      }
    }
    return true;
  }

  private static Rejected rejected(String what) {
    return new Rejected(Reason.RESULT_NOT_FINITE, what + ": a feature is too far from its mean");
  }
}
