package io.attribution.engine.verification;

import io.attribution.engine.matrix.DoubleMatrix;
import io.attribution.engine.matrix.FloatMatrix;

/**
 * How well contributions added up over a set of rows: the certificate of an explanation. What is
 * compared is z = f(e), less the base of a method that has one (an intercept, a baseline's output),
 * with the sum of the contributions, which is J(e)·e where the Jacobian is taken at the row. Any
 * split of the rows merges to the same summary (up to the rounding of a sum of doubles), so that a
 * row, a batch and a window are one type. All values are in the unit of the outputs. Immutable.
 *
 * <p>Source of the five figures: {@code verify_jacobian} of glass-box-umap 0.1.0.
 *
 * @param count rows
 * @param elements rows · outputs
 * @param zMin smallest output less its base
 * @param zMax largest output less its base
 * @param reconstructionMin smallest sum of contributions
 * @param reconstructionMax largest sum of contributions
 * @param maxError largest difference of the two
 * @param sumError sum of the differences over the elements
 */
public record VerificationSummary(
    long count,
    long elements,
    double zMin,
    double zMax,
    double reconstructionMin,
    double reconstructionMax,
    double maxError,
    double sumError) {

  /** Keeps the relative error of an all-zero output finite. */
  private static final double EPSILON = 1e-8;

  /** The summary of no rows; merging it changes nothing. */
  public static final VerificationSummary EMPTY =
      new VerificationSummary(
          0,
          0,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          0,
          0);

  /**
   * The summary of one row.
   *
   * @param z the outputs less their base, (n, O), finite
   * @param reconstruction the sums of the contributions, (n, O), finite
   * @param row which of the n
   */
  public static VerificationSummary ofRow(DoubleMatrix z, DoubleMatrix reconstruction, int row) {
    return ofRow(z, reconstruction, row, 0);
  }

  /**
   * The summary of one row whose outputs lie so near to their base that float32 cannot tell their
   * difference from 0 as well as the tolerance asks for.
   *
   * @param z the outputs less their base, (n, O), finite
   * @param reconstruction the sums of the contributions, (n, O), finite
   * @param row which of the n
   * @param rounding what is rounding and no error, in the unit of the outputs
   */
  public static VerificationSummary ofRow(
      DoubleMatrix z, DoubleMatrix reconstruction, int row, double rounding) {
    double zMin = Double.POSITIVE_INFINITY;
    double zMax = Double.NEGATIVE_INFINITY;
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    double max = 0;
    double sum = 0;
    for (int i = 0; i < z.columns(); i++) {
      double output = z.get(row, i);
      double back = reconstruction.get(row, i);
      double error = Math.max(0, Math.abs(output - back) - rounding);
      zMin = Math.min(zMin, output);
      zMax = Math.max(zMax, output);
      low = Math.min(low, back);
      high = Math.max(high, back);
      max = Math.max(max, error);
      sum += error;
    }
    return new VerificationSummary(1, z.columns(), zMin, zMax, low, high, max, sum);
  }

  /**
   * The summary of one row of float32 results.
   *
   * @param z the outputs less their base, finite
   * @param reconstruction the sums of the contributions, as many, finite
   */
  public static VerificationSummary ofRow(float[] z, float[] reconstruction) {
    return ofRow(
        DoubleMatrix.of(FloatMatrix.of(z)), DoubleMatrix.of(FloatMatrix.of(reconstruction)), 0);
  }

  /** The summary of both sets of rows together. */
  public VerificationSummary merge(VerificationSummary other) {
    return new VerificationSummary(
        count + other.count,
        elements + other.elements,
        Math.min(zMin, other.zMin),
        Math.max(zMax, other.zMax),
        Math.min(reconstructionMin, other.reconstructionMin),
        Math.max(reconstructionMax, other.reconstructionMax),
        Math.max(maxError, other.maxError),
        sumError + other.sumError);
  }

  /** Mean of the differences; 0 for no rows. */
  public double meanError() {
    return elements == 0 ? 0 : sumError / elements;
  }

  /** maxError / (max |z| + 1e-8), z less the base; 0 for no rows. */
  public double relativeError() {
    return count == 0 ? 0 : maxError / (Math.max(Math.abs(zMin), Math.abs(zMax)) + EPSILON);
  }
}
