package io.attribution.admission;

import io.attribution.batch.FloatMatrix;
import java.util.Random;

/** The encoder inputs that admission checks are made with: always the same for one width. */
final class ProbeRows {
  static final int COUNT = 32;
  private static final long SEED = 20_261_123;

  private ProbeRows() {}

  /** Half standard normal, half uniform on [0, 1), for encoders that want no negative numbers. */
  static FloatMatrix of(int width) {
    Random random = new Random(SEED);
    float[][] rows = new float[COUNT][width];
    for (int i = 0; i < COUNT; i++) {
      for (int k = 0; k < width; k++) {
        rows[i][k] = i % 2 == 0 ? (float) random.nextGaussian() : random.nextFloat();
      }
    }
    return FloatMatrix.of(rows);
  }
}
