package io.attribution.engine.internal.jacobian;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;

/** One layer of an encoder in native memory: its value and its vector-Jacobian product. */
interface Layer {

  /**
   * @param x (n, *shape)
   */
  Traced apply(NDArray x);

  /**
   * A layer at one batch.
   *
   * @param output (n, *shape of the output)
   * @param pullback takes cotangents of the output to cotangents of the input
   * @param constants takes what constants have contributed to the input, (n or 1, *shape), to what
   *     they have contributed to the output: the layer itself, with the gates and norms of this
   *     batch
   */
  record Traced(NDArray output, Pullback pullback, UnaryOperator<NDArray> constants) {}

  /**
   * A linear map on cotangents, (n or 1, O, *shape of the output) to (n or 1, O, *shape of the
   * input).
   */
  @FunctionalInterface
  interface Pullback {
    NDArray apply(NDArray cotangents);
  }
}
