package io.attribution.engine.attribution;

import io.attribution.engine.attribution.Rejected.Reason;
import io.attribution.engine.bundle.Preprocessing;
import io.attribution.engine.matrix.DoubleMatrix;
import io.attribution.engine.matrix.FloatMatrix;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * Finds rows whose computation overflows without a trace. Where a norm's variance is beyond
 * float32, the norm divides by infinity: outputs and derivatives are 0, f(e) = J(e)·e holds, and
 * nothing is infinite any more. Which engine meets it first is a matter of the order of sums, so
 * the verdict is not left to them:
 *
 * <ul>
 *   <li>A row whose squared length is beyond float32 is rejected, though finite numbers came out.
 *   <li>A row that is large, and all zero, is asked about again, scaled down to where squares do
 *       not overflow. Zero there as well, it is an honest zero: far from the origin biases no
 *       longer count, and what is dead stays dead at every scale. Else float32 has lost the row.
 * </ul>
 */
final class HiddenOverflow {
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
        if (preprocessing.squaredLength(x) > Float.MAX_VALUE) {
          outcomes.set(row, rejected("the row is beyond float32, in which its squares overflow"));
        } else if (isZero(results.reconstruction(), row)) {
          int suspect = row;
          preprocessing.scaledDown(x).ifPresent(nearer -> suspects.put(suspect, nearer));
        }
      }
    }
    if (!suspects.isEmpty()) {
      rejectLost(suspects, outcomes);
    }
  }

  /**
   * @param suspects by row: one nearer to the mean
   */
  private void rejectLost(Map<Integer, float[]> suspects, List<Outcome> outcomes) {
    Attributions nearer = allocate.apply(suspects.size());
    try {
      route.attribute(FloatMatrix.of(suspects.values().toArray(float[][]::new)), nearer);
    } catch (RuntimeException e) {
      // The encoder refuses rows that nobody sent: no reason to reject those that were.
      return;
    }
    int i = 0;
    for (int row : suspects.keySet()) {
      if (!isZero(nearer.reconstruction(), i++)) {
        outcomes.set(
            row, rejected("all contributions are 0, because a step of the encoder overflows"));
      }
    }
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
