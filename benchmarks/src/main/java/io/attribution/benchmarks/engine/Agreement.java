package io.attribution.benchmarks.engine;

import io.attribution.engine.matrix.FloatMatrix;

/**
 * Whether two results are the same numbers, row by row. Two correct float32 computations may take
 * different sides where a pre-activation is almost zero, so that a few rows may differ.
 */
public final class Agreement {
  /** Largest difference, relative to the row's largest value. */
  private static final double TOLERANCE = 1e-3;

  private static final int ROWS_PER_EXCEPTION = 100;

  private Agreement() {}

  /**
   * @throws IllegalStateException when more than one row in a hundred differs; of fewer rows than a
   *     hundred one may, but not the only one
   */
  public static void require(String what, FloatMatrix expected, FloatMatrix actual) {
    if (expected.rows() != actual.rows() || expected.columns() != actual.columns()) {
      throw new IllegalStateException(what + ": shapes differ");
    }
    int rows = expected.rows();
    int different = differentRows(expected, actual);
    if (different > (rows == 1 ? 0 : Math.max(1, rows / ROWS_PER_EXCEPTION))) {
      throw new IllegalStateException(
          what + ": " + different + " of " + rows + " rows differ; no figure is reported");
    }
  }

  static int differentRows(FloatMatrix expected, FloatMatrix actual) {
    int different = 0;
    for (int row = 0; row < expected.rows(); row++) {
      different += agree(expected.row(row), actual.row(row)) ? 0 : 1;
    }
    return different;
  }

  private static boolean agree(float[] expected, float[] actual) {
    double largest = 0;
    double error = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      error = Math.max(error, Math.abs((double) expected[i] - actual[i]));
    }
    return error <= TOLERANCE * largest;
  }
}
