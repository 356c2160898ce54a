package io.attribution.engine.internal.kernel;

import io.attribution.engine.bundle.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One factor of an encoder's derivative at a row, in the order of the forward pass. The derivative
 * is their product; every element but {@link Dense}, {@link Centre} and {@link Scale} depends on
 * the row and is computed by the forward pass.
 */
sealed interface Element {

  /**
   * y = matrix · x + bias.
   *
   * @param bias what the derivative does not see, and the intercept does
   */
  record Dense(Matrix matrix, Optional<Bias> bias) implements Element {
    Dense(Matrix matrix) {
      this(matrix, Optional.empty());
    }

    /** Something is applied to x first. */
    Dense after(UnaryOperator<Matrix> change) {
      return new Dense(change.apply(matrix), bias);
    }

    /** Something linear is applied to y. */
    Dense then(UnaryOperator<Matrix> change) {
      return new Dense(
          change.apply(matrix),
          bias.map(b -> new Bias(change.apply(b.column()), b.times(), b.over())));
    }
  }

  /**
   * A constant that a layer adds.
   *
   * @param column [width, 1]
   * @param times numbers per row, (t, 1), by which what becomes of it is to be multiplied, because
   *     they have left the chain
   * @param over numbers per row by which it is to be divided, because they stand in the chain
   *     behind it though the constant never meets them
   */
  record Bias(Matrix column, List<String> times, List<String> over) {}

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
