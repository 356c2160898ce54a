package io.attribution.engine.internal.jacobian;

import ai.djl.ndarray.NDArray;
import java.util.Optional;

/**
 * An encoder at the rows of a batch.
 *
 * @param outputs z = f(e), (n, O)
 * @param jacobian J = ∂f/∂e, (n, O, K), one matrix per row
 * @param intercept c, (n, O): what the encoder's additive constants contribute to each output,
 *     computed from the constants and not as z − J·e; only from {@link
 *     JacobianEngine#linearizeWithIntercept}
 */
public record Linearization(NDArray outputs, NDArray jacobian, Optional<NDArray> intercept) {

  /** Without an intercept. */
  public Linearization(NDArray outputs, NDArray jacobian) {
    this(outputs, jacobian, Optional.empty());
  }

  /** ẑ = J·e, (n, O). Equal to z for an exact encoder. */
  public NDArray reconstruct(NDArray inputs) {
    return jacobian.batchMatMul(inputs.expandDims(2)).squeeze(2);
  }
}
