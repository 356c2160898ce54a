package io.attribution.engine.internal.jacobian;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;

/**
 * An encoder in libtorch that autograd can follow. Safe for use by several threads, each with
 * arrays of its own.
 */
interface RecordedEncoder extends AutoCloseable {
  /**
   * z with what a backward pass needs; gradients must be on.
   *
   * @param inputs (n, *shape), no leaf; an encoder may change it in place
   * @throws EngineException when libtorch refuses the computation
   */
  NDList record(PtNDArray inputs);

  /**
   * As {@link #record}, every additive constant times a number.
   *
   * @param one an array without axes that holds 1 and wants a gradient
   */
  default NDList record(PtNDArray inputs, PtNDArray one) {
    throw new UnsupportedOperationException("nobody knows its constants");
  }

  /** z alone. */
  NDList evaluate(PtNDArray inputs);

  /** Whether {@link #record(PtNDArray, PtNDArray)} knows every additive constant. */
  default boolean knowsConstants() {
    return false;
  }

  @Override
  void close();
}
