package io.attribution.engine.admission;

import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.bundle.Tensor;
import io.attribution.engine.internal.jacobian.Probe;
import io.attribution.engine.matrix.FloatMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The encoder inputs that admission checks are made with: the bundle's own, or always the same for
 * one width.
 */
final class ProbeRows {
  static final int COUNT = 32;
  private static final long SEED = 20_261_123;

  private ProbeRows() {}

  /** The exporter's rows, because it knows which columns are indices; else ordinary ones. */
  static FloatMatrix of(ModelBundle bundle) {
    return bundle
        .probe()
        .map(probe -> matrix(probe.inputs()))
        .orElseGet(() -> of(bundle.inputSize()));
  }

  static FloatMatrix matrix(Tensor rows) {
    float[][] values = new float[rows.size(0)][];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows.row(i);
    }
    return FloatMatrix.of(values);
  }

  /** Half standard normal, half uniform on [0, 1), for encoders that take no negative numbers. */
  private static FloatMatrix of(int width) {
    Random random = new Random(SEED);
    float[][] rows = new float[COUNT][width];
    for (int i = 0; i < COUNT; i++) {
      for (int k = 0; k < width; k++) {
        rows[i][k] = i % 2 == 0 ? (float) random.nextGaussian() : random.nextFloat();
      }
    }
    return FloatMatrix.of(rows);
  }

  /** The rows at which an encoder and its derivative are finite. */
  static List<float[]> finite(FloatMatrix rows, Probe probe) {
    List<float[]> finite = new ArrayList<>();
    for (int i = 0; i < rows.rows(); i++) {
      if (probe.outputs().firstNotFinite(i).isEmpty()
          && probe.jacobian().firstNotFinite(i).isEmpty()) {
        finite.add(rows.row(i));
      }
    }
    return finite;
  }
}
