package io.attribution.engine.internal.jacobian;

import ai.djl.ndarray.NDArray;

/**
 * An encoder at the rows of a batch.
 *
 * @param outputs z = f(e), (n, O)
 * @param jacobian J = ∂f/∂e, (n, O, K), one matrix per row
 */
public record Linearization(NDArray outputs, NDArray jacobian) {

  /** ẑ = J·e, (n, O). Equal to z for an exact encoder. */
  public NDArray reconstruct(NDArray inputs) {
    return jacobian.batchMatMul(inputs.expandDims(2)).squeeze(2);
  }
}
