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
 * Finds rows whose computation overflowed without a trace. Where a norm's variance is beyond
 * float32, the norm divides by infinity: outputs and derivatives are 0, f(e) = J(e)·e holds, and
 * nothing is infinite any more. Such a row is asked about again, scaled down to where squares do
 * not overflow. Zero there as well, it is an honest zero: far from the origin biases no longer
 * count, and what is dead stays dead at every scale. Else float32 has lost the row.
 */
final class HiddenOverflow {
  private final Route route;
  private final Preprocessing preprocessing;
  private final IntFunction<Attributions> allocate;

  /**
   * @param allocate memory for the results of a number of rows
   */
  HiddenOverflow(Route route, Preprocessing preprocessing, IntFunction<Attributions> allocate) {
    this.route = route;
    this.preprocessing = preprocessing;
    this.allocate = allocate;
  }

  /**
   * Rejects the rows that float32 has lost.
   *
   * @param features x, (n, D)
   * @param results of the n rows
   * @param outcomes of the n rows, to be changed
   */
  void reject(FloatMatrix features, Attributions results, List<Outcome> outcomes) {
    Map<Integer, float[]> suspects = suspects(features, results, outcomes);
    if (suspects.isEmpty()) {
      return;
    }
    Attributions scaled = allocate.apply(suspects.size());
    try {
      route.attribute(FloatMatrix.of(suspects.values().toArray(float[][]::new)), scaled);
    } catch (RuntimeException e) {
      // The encoder has an opinion on other rows than this batch's: no reason to reject these.
      return;
    }
    int i = 0;
    for (int row : suspects.keySet()) {
      if (!isZero(scaled.reconstruction(), i++)) {
        outcomes.set(row, rejected());
      }
    }
  }

  /** By row: where all is zero though the row is far from the mean, the same nearer to it. */
  private Map<Integer, float[]> suspects(
      FloatMatrix features, Attributions results, List<Outcome> outcomes) {
    Map<Integer, float[]> suspects = new TreeMap<>();
    for (int row = 0; row < outcomes.size(); row++) {
      if (isZero(results.reconstruction(), row) && outcomes.get(row) instanceof Attributed) {
        int suspect = row;
        preprocessing
            .scaledDown(features.row(row))
            .ifPresent(scaled -> suspects.put(suspect, scaled));
      }
    }
    return suspects;
  }

  private static boolean isZero(DoubleMatrix matrix, int row) {
    for (int column = 0; column < matrix.columns(); column++) {
      if (matrix.get(row, column) != 0) {
        return false;
      }
    }
    return true;
  }

  private static Rejected rejected() {
    return new Rejected(
        Reason.RESULT_NOT_FINITE,
        "a step of the encoder overflows, so that all contributions are 0: a feature is too far"
            + " from its mean for float32");
  }
}
