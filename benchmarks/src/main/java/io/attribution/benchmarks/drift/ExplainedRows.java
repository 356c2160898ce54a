package io.attribution.benchmarks.drift;

import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * One stream of explained rows: features of a linear encoder with one output, and their reduced
 * contributions; n rows, D values each. Noise and moved feature are the same for all shifts.
 */
final class ExplainedRows {
  private final float[][] features;
  private final float[][] reduced;
  private final int moved;

  private ExplainedRows(float[][] features, float[][] reduced, int moved) {
    this.features = features;
    this.reduced = reduced;
    this.moved = moved;
  }

  /**
   * @param number of the stream
   */
  static ExplainedRows of(Scenario scenario, long seed, int number) {
    RandomGenerator random = random(scenario, seed, number);
    int moved = random.nextInt(scenario.features());
    float[][] features = new float[scenario.rows()][scenario.features()];
    float[][] reduced = new float[scenario.rows()][scenario.features()];
    double[] noise = new double[scenario.features()];
    for (int k = 0; k < noise.length; k++) {
      noise[k] = random.nextGaussian();
    }
    for (int row = 0; row < scenario.rows(); row++) {
      for (int k = 0; k < noise.length; k++) {
        noise[k] = scenario.kind().next(noise[k], random);
        boolean shifted = k == moved && row >= scenario.shiftRow();
        double value = shifted ? scenario.shift().of(noise[k]) : noise[k];
        features[row][k] = (float) value;
        reduced[row][k] = (float) scenario.kind().reduced(Scenario.weight(k) * value);
      }
    }
    return new ExplainedRows(features, reduced, moved);
  }

  private static RandomGenerator random(Scenario scenario, long seed, int number) {
    return new SplittableRandom(
        31 * seed + Objects.hash(scenario.kind().name(), scenario.features(), number));
  }

  int rows() {
    return features.length;
  }

  /** Raw values of a row, D; not copied. */
  float[] features(int row) {
    return features[row];
  }

  /** Reduced contributions of a row, D; not copied. */
  float[] reduced(int row) {
    return reduced[row];
  }

  /** The feature that the shift moves. */
  int moved() {
    return moved;
  }
}
