package io.attribution.benchmarks.codec;

import io.attribution.engine.matrix.FloatMatrix;
import java.util.Random;

/**
 * What is written: one row of random results.
 *
 * @param embedding (1, 2)
 * @param contributions (1, floats), two outputs
 * @param reduced (1, floats)
 */
record Results(FloatMatrix embedding, FloatMatrix contributions, FloatMatrix reduced) {
  static final String MODEL = "digits";
  static final String VERSION = "1";
  static final String FINGERPRINT = "0123456789abcdef".repeat(4);
  static final String TOPIC = "features";
  static final int PARTITION = 3;
  static final long OFFSET = 1_234_567;
  static final double TOLERANCE = 1e-4;
  static final int OUTPUTS = 2;
  private static final long SEED = 20_261_123;

  static Results random(int floats) {
    Random random = new Random(SEED);
    return new Results(row(random, OUTPUTS), row(random, floats), row(random, floats));
  }

  private static FloatMatrix row(Random random, int columns) {
    float[] values = new float[columns];
    for (int i = 0; i < columns; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return FloatMatrix.of(values);
  }
}
