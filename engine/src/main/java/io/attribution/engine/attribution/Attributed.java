package io.attribution.engine.attribution;

import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.verification.VerificationSummary;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One explained row: a position in a batch's results. Immutable as long as the memory of the batch
 * is not used again.
 *
 * @param batch the results it is part of
 * @param row its row there
 * @param verification how well its contributions add up to its embedding less the base
 */
public record Attributed(Attributions batch, int row, VerificationSummary verification)
    implements Outcome {

  /** z, O values; a copy. */
  public float[] embedding() {
    return batch.embedding().row(row);
  }

  /**
   * C, row-major [output, feature], O·D values; a copy. For an exact model the D values of an
   * output, and its base, add up to it.
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

  /** What the contributions of each output start from, O values; a copy. Zeros without a base. */
  public float[] base() {
    return batch
        .base()
        .map(base -> base.row(row))
        .orElseGet(() -> new float[batch.embedding().columns()]);
  }

  /** How many Jacobians the row's path took; 0 for a method without a path. */
  public int nodes() {
    return batch.path().map(path -> (int) path.get(row, 0)).orElse(0);
  }

  /**
   * The largest standard error of a contribution, in the unit of the outputs, where baselines were
   * drawn from the reference.
   */
  public OptionalDouble standardError() {
    return batch.path().isPresent() && !Float.isNaN(batch.path().get().get(row, 1))
        ? OptionalDouble.of(batch.path().get().get(row, 1))
        : OptionalDouble.empty();
  }

  private static FloatMatrix selected(Optional<FloatMatrix> matrix, String what) {
    return matrix.orElseThrow(
        () -> new IllegalStateException("the attributor does not compute " + what));
  }
}
