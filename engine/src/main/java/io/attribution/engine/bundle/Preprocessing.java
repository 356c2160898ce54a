package io.attribution.engine.bundle;

import java.util.Optional;

/**
 * u = (x − mean) / scale, e = u·componentsᵀ; each part may be absent.
 *
 * @param mean [D]
 * @param scale [D], nowhere zero
 * @param components [K, D]
 */
public record Preprocessing(
    Optional<Tensor> mean, Optional<Tensor> scale, Optional<Tensor> components) {

  public static final Preprocessing NONE =
      new Preprocessing(Optional.empty(), Optional.empty(), Optional.empty());

  /** Squares of 2^32 lie in the middle of float32's range, as far from its end as from 1. */
  private static final int SAFE_EXPONENT = 32;

  /**
   * A row that is far from the mean, moved towards it by a power of two, until the largest of its
   * standardized features is about 2^32: their squares, and sums of them, do not overflow.
   *
   * @param row raw features, D values, finite
   * @return D values; nothing when the row is no farther away
   */
  public Optional<float[]> scaledDown(float[] row) {
    double farthest = 0;
    for (int k = 0; k < row.length; k++) {
      farthest = Math.max(farthest, Math.abs((row[k] - mean(k)) / at(scale, k, 1)));
    }
    int down = Math.getExponent(farthest) - SAFE_EXPONENT;
    return down > 0 ? Optional.of(scaledDown(row, down)) : Optional.empty();
  }

  private float[] scaledDown(float[] row, int exponent) {
    float[] nearer = new float[row.length];
    for (int k = 0; k < row.length; k++) {
      nearer[k] = (float) (mean(k) + Math.scalb(row[k] - mean(k), -exponent));
    }
    return nearer;
  }

  private double mean(int feature) {
    return at(mean, feature, 0);
  }

  private static double at(Optional<Tensor> tensor, int feature, double otherwise) {
    return tensor.isPresent() ? tensor.get().values()[feature] : otherwise;
  }
}
