package io.attribution.benchmarks.engine;

import io.attribution.engine.matrix.FloatMatrix;
import java.util.Random;

/** Standard normal rows, the same in every run. */
final class Rows {
  private static final long SEED = 20_261_123;

  private Rows() {}

  /** (rows, columns), outside the Java heap. */
  static FloatMatrix normal(int rows, int columns) {
    Random random = new Random(SEED);
    FloatMatrix matrix = FloatMatrix.allocateDirect(rows, columns);
    for (int row = 0; row < rows; row++) {
      matrix.setRow(row, values(random, columns));
    }
    return matrix;
  }

  private static float[] values(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
