package io.attribution.engine.internal.jacobian;

import io.attribution.engine.matrix.FloatMatrix;

/**
 * When two computations of the same rows agree. Next to a kink (a pre-activation of about 0) two
 * correct float32 computations may take different sides and differ by any amount. So each row is
 * compared with a tolerance, and a share of the rows may differ.
 *
 * @param tolerance the largest difference of a row, relative to its largest value, that is rounding
 * @param kinkShare the share of the rows that may differ
 */
public record Agreement(double tolerance, double kinkShare) {
  /**
   * Between two float32 computations. Correct ones differ by about 1e-6, wrong ones by far more: an
   * operator exchanged, a weight transposed, a bias left out.
   */
  public static final double FLOAT32 = 1e-3;

  /**
   * At admission, on 32 ordinary rows: one of them may lie next to a kink. To refuse a correct
   * bundle costs a restart; to admit a wrong one costs wrong explanations.
   */
  public static final Agreement ADMISSION = new Agreement(FLOAT32, 0.05);

  /**
   * In a diagnosis, on 4 to 32 rows of a live model, whose data may crowd around a kink. A wrong
   * cause costs the person on call more than none, so a quarter may differ.
   */
  public static final Agreement DIAGNOSIS = new Agreement(FLOAT32, 0.25);

  /** Of float32 results with a float64 reference, on many rows. */
  public static final Agreement REFERENCE = new Agreement(1e-4, 0.01);

  /** Makes all-zero rows equal. */
  private static final double SMALLEST_SCALE = 1e-30;

  /** Whether a row differs by more than rounding, relative to its own largest value. */
  public boolean differs(float[] actual, float[] expected) {
    return differs(actual, expected, largest(expected));
  }

  /**
   * Whether a row differs by more than rounding.
   *
   * @param scale what the difference is relative to; the largest value of all rows where a row by
   *     itself may be next to nothing
   */
  public boolean differs(float[] actual, float[] expected, double scale) {
    return difference(actual, expected, scale) > tolerance;
  }

  /** Whether so few rows differ that kinks explain it. */
  public boolean allows(int differing, int rows) {
    return differing <= kinkShare * rows;
  }

  /** The largest difference, relative to the scale; infinite where a value is NaN. */
  public static double difference(float[] actual, float[] expected, double scale) {
    double difference = distance(actual, expected) / Math.max(SMALLEST_SCALE, scale);
    return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
  }

  /** max |aₖ − bₖ|; NaN where a value is. */
  public static double distance(float[] a, float[] b) {
    double distance = 0;
    for (int k = 0; k < a.length; k++) {
      distance = Math.max(distance, Math.abs((double) a[k] - b[k]));
    }
    return distance;
  }

  /** max |aₖ|; NaN where a value is. */
  public static double largest(float[] a) {
    double largest = 0;
    for (float value : a) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  /** max |aₖ| over all rows; NaN where a value is. */
  public static double largest(FloatMatrix rows) {
    double largest = 0;
    for (int i = 0; i < rows.rows(); i++) {
      largest = Math.max(largest, largest(rows.row(i)));
    }
    return largest;
  }
}
