package io.attribution.drift.statistics;

/** Validates samples. */
final class Samples {
  private Samples() {}

  /**
   * @throws IllegalArgumentException when the sample is empty or has a number that is not finite
   */
  static void requireFinite(double[] sample) {
    if (sample.length == 0) {
      throw new IllegalArgumentException("a sample must have one number or more");
    }
    for (double value : sample) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("a sample must have finite numbers, not " + value);
      }
    }
  }
}
