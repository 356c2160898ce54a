package io.attribution.benchmarks.engine;

import io.attribution.engine.internal.jacobian.Agreement;
import io.attribution.engine.matrix.FloatMatrix;

/** Compares results row by row, before any figure of them counts. */
public final class Comparison {
  private static final Agreement BENCHMARK = new Agreement(Agreement.FLOAT32, 0.01);

  private Comparison() {}

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
    if (!BENCHMARK.allows(different, rows) && (different > 1 || rows == 1)) {
      throw new IllegalStateException(
          what + ": " + different + " of " + rows + " rows differ; no figure is reported");
    }
  }

  static int differentRows(FloatMatrix expected, FloatMatrix actual) {
    int different = 0;
    for (int row = 0; row < expected.rows(); row++) {
      different += BENCHMARK.differs(actual.row(row), expected.row(row)) ? 1 : 0;
    }
    return different;
  }
}
