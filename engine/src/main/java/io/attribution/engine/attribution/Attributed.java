package io.attribution.engine.attribution;

import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.verification.VerificationSummary;

/**
 * One explained row: a place in a batch's results.
 *
 * @param batch the results it is part of
 * @param row its row there
 * @param verification how well f(e) = J(e)·e holds for it
 */
public record Attributed(Attributions batch, int row, VerificationSummary verification)
    implements Outcome {

  /** z, O values. */
  public float[] embedding() {
    return batch.embedding().row(row);
  }

  /** C, row-major [output, feature], O·D values. */
  public float[] contributions() {
    return wanted(batch.contributions().orElse(null), "contributions").row(row);
  }

  /** R, D values. */
  public float[] reduced() {
    return wanted(batch.reduced().orElse(null), "reduced contributions").row(row);
  }

  private static FloatMatrix wanted(
      @org.jspecify.annotations.Nullable FloatMatrix matrix, String what) {
    if (matrix == null) {
      throw new IllegalStateException("the attributor was not asked for " + what);
    }
    return matrix;
  }
}
