package io.attribution.engine.internal.kernel;

import io.attribution.engine.bundle.Tensor;
import java.util.List;

/**
 * One factor of an encoder's derivative at a row, in the order of the forward pass. The derivative
 * is their product; every element but {@link Dense}, {@link Centre} and {@link Scale} depends on
 * the row and is computed by the forward pass.
 */
sealed interface Element {

  /** y = matrix · x. */
  record Dense(Matrix matrix) implements Element {}

  /** y = x − mean(x). */
  record Centre() implements Element {}

  /**
   * y = scale ∘ x.
   *
   * @param scale [width]
   */
  record Scale(Tensor scale) implements Element {}

  /**
   * y = factor ∘ x, a number for each row and unit: an activation's derivative.
   *
   * @param variable the name of its native array (n, width)
   */
  record Factor(String variable) implements Element {}

  /**
   * y = factor · x, a number for each row: one over a normalisation's deviation.
   *
   * @param variable the name of its native array (n, 1)
   */
  record RowFactor(String variable) implements Element {}

  /** y = x + inner(x). */
  record Residual(List<Element> inner) implements Element {}
}
