package io.attribution.drift.detector;

/** Arguments that have to be numbers. */
final class Finite {
  private Finite() {}

  static double require(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("a detector takes finite numbers, not " + value);
    }
    return value;
  }

  /** Refuses NaN too. */
  static void requirePositive(String name, double value) {
    if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(name + " has to be positive and finite, not " + value);
    }
  }

  /** Refuses NaN too. */
  static void requireNotNegative(String name, double value) {
    if (!(value >= 0) || value == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(name + " has to be finite, 0 or more, not " + value);
    }
  }
}
