package io.attribution.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.matrix.DoubleMatrix;
import io.attribution.engine.matrix.FloatMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Results of one route against those of another, row by row. Next to a kink two right computations
 * may take different sides, so that one row in fifty may differ.
 */
final class Rows {
  private static final double TOLERANCE = 1e-3;
  private static final int ROWS_PER_KINK = 50;

  /** What a row's largest value counts for at least, relative to the batch's largest. */
  private static final double SMALL_ROW = 1e-2;

  private Rows() {}

  static void assertAgree(String what, FloatMatrix expected, FloatMatrix actual) {
    assertThat(actual.columns()).as(what).isEqualTo(expected.columns());
    assertAgree(
        what, expected.rows(), row -> wide(expected.row(row)), row -> wide(actual.row(row)));
  }

  static void assertAgree(String what, DoubleMatrix expected, DoubleMatrix actual) {
    assertThat(actual.columns()).as(what).isEqualTo(expected.columns());
    assertAgree(what, expected.rows(), row -> values(expected, row), row -> values(actual, row));
  }

  private static void assertAgree(
      String what, int rows, IntFunction<double[]> expected, IntFunction<double[]> actual) {
    double largest = 1e-30;
    for (int row = 0; row < rows; row++) {
      largest = Math.max(largest, magnitude(expected.apply(row)));
    }
    List<String> differing = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      double[] right = expected.apply(row);
      double scale = Math.max(magnitude(right), SMALL_ROW * largest);
      double difference = difference(right, actual.apply(row)) / scale;
      if (!(difference <= TOLERANCE)) {
        differing.add("row " + row + " by " + difference);
      }
    }
    assertThat(differing).as(what).hasSizeLessThanOrEqualTo(rows / ROWS_PER_KINK);
  }

  private static double magnitude(double[] values) {
    double magnitude = 0;
    for (double value : values) {
      magnitude = Math.max(magnitude, Math.abs(value));
    }
    return magnitude;
  }

  /** NaN where there is one. */
  private static double difference(double[] expected, double[] actual) {
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
    }
    return difference;
  }

  private static double[] wide(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  private static double[] values(DoubleMatrix matrix, int row) {
    double[] values = new double[matrix.columns()];
    for (int column = 0; column < values.length; column++) {
      values[column] = matrix.get(row, column);
    }
    return values;
  }
}
