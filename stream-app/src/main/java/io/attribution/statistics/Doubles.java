package io.attribution.statistics;

/** Samples. */
final class Doubles {
  private Doubles() {}

  static double[] of(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

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
