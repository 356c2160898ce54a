package io.attribution.engine.internal.diagnosis;

import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.bundle.Preprocessing;
import io.attribution.engine.bundle.Tensor;
import io.attribution.engine.internal.jacobian.Agreement;
import io.attribution.engine.matrix.FloatMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Encoder inputs e to try: recent rows, rows around them, and rows in all directions, which data
 * alone never has. The same ones for the same rows.
 */
final class EncoderInputs {
  private static final long SEED = 20_261_124;
  private static final int MANY = 16;

  private final Preprocessing preprocessing;
  private final int width;
  private final List<float[]> recent = new ArrayList<>();
  private final double size;
  private final Random random = new Random(SEED);

  /**
   * @param rows raw feature rows, (n, D); those that are not finite are passed over
   */
  EncoderInputs(ModelBundle bundle, FloatMatrix rows) {
    this.preprocessing = bundle.preprocessing();
    this.width = bundle.inputSize();
    for (int i = 0; i < rows.rows(); i++) {
      float[] e = preprocess(rows.row(i));
      if (Double.isFinite(Agreement.largest(e))) {
        recent.add(e);
      }
    }
    double rms = Vectors.rootMeanSquare(recent.toArray(float[][]::new));
    this.size = rms > 0 ? rms : 1;
  }

  /** e = ((x − mean) / scale)·componentsᵀ. */
  private float[] preprocess(float[] x) {
    float[] u = x.clone();
    for (int k = 0; k < u.length; k++) {
      double centred = preprocessing.mean().isPresent() ? x[k] - (double) mean()[k] : x[k];
      u[k] = (float) (centred / (preprocessing.scale().isPresent() ? scale()[k] : 1));
    }
    return project(u);
  }

  private float[] mean() {
    return preprocessing.mean().orElseThrow().values();
  }

  private float[] scale() {
    return preprocessing.scale().orElseThrow().values();
  }

  private float[] project(float[] u) {
    if (preprocessing.components().isEmpty()) {
      return u;
    }
    Tensor components = preprocessing.components().get();
    float[] e = new float[width];
    for (int j = 0; j < width; j++) {
      e[j] = (float) Vectors.dot(components.values(), j * u.length, u);
    }
    return e;
  }

  /** Too few to say what the mean of all rows is not. */
  boolean hasFew() {
    return recent.size() < MANY;
  }

  boolean hasRecent() {
    return !recent.isEmpty();
  }

  /** The mean of the recent rows, [K]; only where there are some. */
  double[] recentMean() {
    double[] mean = new double[width];
    for (float[] e : recent) {
      for (int k = 0; k < width; k++) {
        mean[k] += e[k] / (double) recent.size();
      }
    }
    return mean;
  }

  /**
   * What an encoder would subtract that subtracts the preprocessing's mean once more: the mean in
   * the units of e, and the raw one.
   */
  List<double[]> meansOfPreprocessing() {
    if (preprocessing.mean().isEmpty()) {
      return List.of();
    }
    float[] scaled = mean().clone();
    for (int k = 0; k < scaled.length; k++) {
      scaled[k] /= preprocessing.scale().isPresent() ? scale()[k] : 1;
    }
    return List.of(widened(project(scaled)), widened(project(mean())));
  }

  private static double[] widened(float[] values) {
    double[] widened = new double[values.length];
    for (int k = 0; k < values.length; k++) {
      widened[k] = values[k];
    }
    return widened;
  }

  /** Half recent rows, as long as there are enough; the others in all directions. */
  float[][] typical(int count) {
    float[][] rows = new float[count][];
    for (int i = 0; i < count; i++) {
      int index = i / 2;
      rows[i] = i % 2 == 0 && index < recent.size() ? recent.get(index) : direction(size);
    }
    return rows;
  }

  /** Half around recent rows; the others in all directions, three times as far out. */
  float[][] wide(int count) {
    float[][] rows = new float[count][];
    for (int i = 0; i < count; i++) {
      boolean near = i % 2 == 0 && hasRecent();
      rows[i] = direction(near ? size / 2 : 3 * size);
      if (near) {
        add(rows[i], recent.get(i / 2 % recent.size()));
      }
    }
    return rows;
  }

  /** Every row moved by a step, relative to its own size. */
  float[][] moved(float[][] rows, double step) {
    float[][] moved = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      double rms = Vectors.rootMeanSquare(rows[i]);
      moved[i] = direction(step * rms);
      add(moved[i], rows[i]);
    }
    return moved;
  }

  private float[] direction(double deviation) {
    float[] row = new float[width];
    for (int k = 0; k < width; k++) {
      row[k] = (float) (deviation * random.nextGaussian());
    }
    return row;
  }

  private static void add(float[] to, float[] row) {
    for (int k = 0; k < to.length; k++) {
      to[k] += row[k];
    }
  }
}
