package io.attribution.engine.admission;

import io.attribution.engine.jacobian.Probe;
import io.attribution.engine.matrix.FloatMatrix;

/**
 * How far two answers for the same rows are apart.
 *
 * @param outputs largest difference of an output, relative to the largest output of all rows: one
 *     row's outputs may be next to nothing, and then differ by any factor
 * @param jacobians how many rows have another Jacobian
 */
record Disagreement(double outputs, int jacobians) {
  static final Disagreement NONE = new Disagreement(0, 0);

  /** Two right float32 computations of a row differ by about 1e-6; wrong ones by far more. */
  private static final double ROUNDING = 1e-3;

  /** Makes all-zero answers equal. */
  private static final double SMALLEST_MAGNITUDE = 1e-30;

  /** Rows near a kink, where two right Jacobians may differ. */
  private static final double KINK_SHARE = 0.05;

  /**
   * @param part an answer for rows that start at row {@code from} of the whole
   * @param whole finite
   */
  static Disagreement between(Probe part, Probe whole, int from) {
    double outputs = 0;
    double scale = magnitude(whole.outputs());
    int jacobians = 0;
    for (int i = 0; i < part.outputs().rows(); i++) {
      int row = from + i;
      outputs =
          Math.max(outputs, distance(part.outputs().row(i), whole.outputs().row(row)) / scale);
      jacobians += isOther(part.jacobian().row(i), whole.jacobian().row(row)) ? 1 : 0;
    }
    return new Disagreement(outputs, jacobians);
  }

  Disagreement and(Disagreement other) {
    return new Disagreement(Math.max(outputs, other.outputs), jacobians + other.jacobians);
  }

  boolean hasOtherOutputs() {
    return outputs > ROUNDING;
  }

  /**
   * @param rows how many rows were compared
   */
  boolean hasOtherJacobians(int rows) {
    return jacobians > KINK_SHARE * rows;
  }

  private static boolean isOther(float[] a, float[] b) {
    return distance(a, b) > ROUNDING * magnitude(b);
  }

  /** Largest difference; infinite when a value is not finite. */
  private static double distance(float[] a, float[] b) {
    double distance = 0;
    for (int i = 0; i < a.length; i++) {
      distance = Math.max(distance, Math.abs((double) a[i] - b[i]));
    }
    return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
  }

  private static double magnitude(FloatMatrix matrix) {
    double magnitude = SMALLEST_MAGNITUDE;
    for (int i = 0; i < matrix.rows(); i++) {
      magnitude = Math.max(magnitude, magnitude(matrix.row(i)));
    }
    return magnitude;
  }

  private static double magnitude(float[] values) {
    double magnitude = SMALLEST_MAGNITUDE;
    for (float value : values) {
      magnitude = Math.max(magnitude, Math.abs(value));
    }
    return magnitude;
  }
}
