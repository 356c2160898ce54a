package io.attribution.benchmarks.drift;

import io.attribution.benchmarks.report.Figures;

/**
 * What happens to one feature, and with it to its contribution.
 *
 * @param mean is added, in standard deviations
 * @param scale is multiplied by before
 */
record Shift(double mean, double scale) {
  static final Shift NONE = new Shift(0, 1);

  static Shift mean(double deviations) {
    return new Shift(deviations, 1);
  }

  static Shift scale(double factor) {
    return new Shift(0, factor);
  }

  double of(double value) {
    return scale * value + mean;
  }

  String description() {
    return scale == 1 ? "mean + " + Figures.of(mean) + " σ" : "scale × " + Figures.of(scale);
  }
}
