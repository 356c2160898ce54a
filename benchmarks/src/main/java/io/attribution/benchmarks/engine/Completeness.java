package io.attribution.benchmarks.engine;

import io.attribution.engine.matrix.FloatMatrix;
import java.util.Arrays;

/**
 * How far the contributions of some rows are from adding up: a row's largest |Σ contributions −
 * change| over the outputs, relative to its largest |change|. A change is an output less its base.
 *
 * @param worst of all rows; infinite where a value is NaN
 * @param most what 99 % of the rows do not exceed
 */
record Completeness(double worst, double most) {
  private static final double MOST = 0.99;

  /**
   * @param changes (n, O)
   * @param contributions (n, O·D), each row a matrix in row-major order [output, feature]
   */
  static Completeness of(FloatMatrix changes, FloatMatrix contributions) {
    double[] errors = new double[changes.rows()];
    for (int row = 0; row < errors.length; row++) {
      errors[row] = error(changes.row(row), contributions.row(row));
    }
    Arrays.sort(errors);
    int within = (int) Math.ceil(MOST * errors.length);
    return new Completeness(errors[errors.length - 1], errors[within - 1]);
  }

  private static double error(float[] changes, float[] contributions) {
    int features = contributions.length / changes.length;
    double missing = 0;
    double largest = 0;
    for (int output = 0; output < changes.length; output++) {
      double sum = 0;
      for (int k = 0; k < features; k++) {
        sum += contributions[output * features + k];
      }
      missing = Math.max(missing, Math.abs(sum - changes[output]));
      largest = Math.max(largest, Math.abs(changes[output]));
    }
    return Double.isNaN(missing) ? Double.POSITIVE_INFINITY : missing / largest;
  }
}
