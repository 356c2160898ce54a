package io.attribution.engine.internal.diagnosis;

/** Arithmetic on rows, in double. */
final class Vectors {
  private Vectors() {}

  /** Σ a[from + k]·b[k]. */
  static double dot(float[] a, int from, float[] b) {
    double sum = 0;
    for (int k = 0; k < b.length; k++) {
      sum += (double) a[from + k] * b[k];
    }
    return sum;
  }

  /** Σ a[from + k]·b[k]. */
  static double dot(float[] a, int from, double[] b) {
    double sum = 0;
    for (int k = 0; k < b.length; k++) {
      sum += a[from + k] * b[k];
    }
    return sum;
  }

  /** Every row times a factor. */
  static float[][] scaled(float[][] rows, double factor) {
    float[][] scaled = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      scaled[i] = new float[rows[i].length];
      for (int k = 0; k < rows[i].length; k++) {
        scaled[i][k] = (float) (factor * rows[i][k]);
      }
    }
    return scaled;
  }

  /** Root of the mean square of all values; 0 for none. */
  static double rootMeanSquare(float[]... rows) {
    double sum = 0;
    long count = 0;
    for (float[] row : rows) {
      sum += dot(row, 0, row);
      count += row.length;
    }
    return count == 0 ? 0 : Math.sqrt(sum / count);
  }
}
