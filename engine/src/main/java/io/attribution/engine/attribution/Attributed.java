package io.attribution.engine.attribution;

import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.verification.VerificationSummary;
import java.util.Optional;

/**
 * One explained row: a position in a batch's results. Immutable as long as the memory of the batch
 * is not used again.
 *
 * @param batch the results it is part of
 * @param row its row there
 * @param verification how well f(e) = J(e)·e holds for it
 */
public record Attributed(Attributions batch, int row, VerificationSummary verification)
    implements Outcome {

  /** z, O values; a copy. */
  public float[] embedding() {
    return batch.embedding().row(row);
  }

  /**
   * C, row-major [output, feature], O·D values; a copy. For an exact model the D values of an
   * output add up to it.
   *
   * @throws IllegalStateException when the attributor does not compute them
   */
  public float[] contributions() {
    return selected(batch.contributions(), "contributions").row(row);
  }

  /**
   * R, D values; a copy.
   *
   * @throws IllegalStateException when the attributor does not compute them
   */
  public float[] reduced() {
    return selected(batch.reduced(), "reduced contributions").row(row);
  }

  private static FloatMatrix selected(Optional<FloatMatrix> matrix, String what) {
    return matrix.orElseThrow(
        () -> new IllegalStateException("the attributor does not compute " + what));
  }
}
