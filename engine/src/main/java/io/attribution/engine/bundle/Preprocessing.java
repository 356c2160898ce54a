package io.attribution.engine.bundle;

import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

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
   * A magnitude: a row whose raw features are no larger is near enough to the mean that squares,
   * and sums of them, do not overflow; negative when there is no such row.
   */
  public float harmless() {
    double smallestScale = magnitudes(scale, 1).min().orElse(1);
    double largestMean = magnitudes(mean, 0).max().orElse(0);
    return (float) (Math.scalb(smallestScale, SAFE_EXPONENT) - largestMean);
  }

  private static DoubleStream magnitudes(Optional<Tensor> tensor, double otherwise) {
    return tensor
        .map(t -> IntStream.range(0, t.size(0)).mapToDouble(k -> Math.abs((double) t.values()[k])))
        .orElseGet(() -> DoubleStream.of(otherwise));
  }

  /**
   * ‖u‖², in double precision.
   *
   * @param row x, D values
   */
  public double squaredLength(float[] row) {
    double sum = 0;
    for (int k = 0; k < row.length; k++) {
      sum += standardized(row, k) * standardized(row, k);
    }
    return sum;
  }

  /**
   * A row that is far from the mean, moved towards it by a power of two, until the largest of its
   * standardized features is about 2^32: their squares, and sums of them, do not overflow.
   *
   * @param row x, D values, finite
   * @return D values; nothing when the row is no farther away
   */
  public Optional<float[]> scaledDown(float[] row) {
    double farthest = 0;
    for (int k = 0; k < row.length; k++) {
      farthest = Math.max(farthest, Math.abs(standardized(row, k)));
    }
    int down = Math.getExponent(farthest) - SAFE_EXPONENT;
    return down > 0 ? Optional.of(scaledDown(row, down)) : Optional.empty();
  }

  private double standardized(float[] row, int feature) {
    return (row[feature] - mean(feature)) / at(scale, feature, 1);
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
