package io.attribution.drift.statistics;

/** Samples. */
final class Doubles {
  private Doubles() {}

  static void requireFinite(double[] sample) {
    if (sample.length == 0) {
      throw new IllegalArgumentException("a sample has one number or more");
    }
    for (double value : sample) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("a sample has finite numbers, not " + value);
      }
    }
  }
}
