package io.attribution.benchmarks.engine;

import io.attribution.engine.matrix.FloatMatrix;

/**
 * Whether two results are the same numbers, row by row. Two correct float32 computations may take
 * different sides where a pre-activation is almost zero, so that a few rows may differ.
 */
final class Agreement {
  /** Of a row's largest value. */
  private static final double TOLERANCE = 1e-3;

  private static final int ROWS_PER_EXCEPTION = 100;

  private Agreement() {}

  /**
   * @throws IllegalStateException when more than one row in a hundred differs; of fewer rows than a
   *     hundred one may, but not the only one
   */
  static void require(String what, FloatMatrix expected, FloatMatrix actual) {
    if (expected.rows() != actual.rows() || expected.columns() != actual.columns()) {
      throw new IllegalStateException(what + ": shapes differ");
    }
    int different = differentRows(expected, actual);
    if (different > allowed(expected.rows())) {
      throw new IllegalStateException(
          what + ": " + different + " of " + expected.rows() + " rows differ; no time is reported");
    }
  }

  static int allowed(int rows) {
    return rows == 1 ? 0 : Math.max(1, rows / ROWS_PER_EXCEPTION);
  }

  static int differentRows(FloatMatrix expected, FloatMatrix actual) {
    int different = 0;
    for (int row = 0; row < expected.rows(); row++) {
      if (!agree(expected.row(row), actual.row(row))) {
        different++;
      }
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
