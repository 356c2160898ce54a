package io.attribution.demo;

import java.util.Optional;

/**
 * Shifts one feature of the rows from some record on: the one that varies most, by three of its
 * standard deviations.
 */
final class Injected {
  private static final double DEVIATIONS = 3;

  private final Example example;
  private final int feature;
  private final float shift;
  private final long from;

  private Injected(Example example, int feature, float shift, long from) {
    this.example = example;
    this.feature = feature;
    this.shift = shift;
    this.from = from;
  }

  /**
   * @param from the first record that is shifted
   */
  static Injected of(Example example, Optional<Injection> injection, long from) {
    if (injection.filter(what -> what == Injection.SHIFT).isEmpty()) {
      return new Injected(example, 0, 0, Long.MAX_VALUE);
    }
    double[] deviations = example.deviations();
    int most = 0;
    for (int k = 1; k < deviations.length; k++) {
      most = deviations[k] > deviations[most] ? k : most;
    }
    return new Injected(example, most, (float) (DEVIATIONS * deviations[most]), from);
  }

  /** The row as it is sent: D raw features. */
  float[] row(int row, long record) {
    float[] features = example.row(row);
    if (record < from) {
      return features;
    }
    float[] shifted = features.clone();
    shifted[feature] += shift;
    return shifted;
  }
}
