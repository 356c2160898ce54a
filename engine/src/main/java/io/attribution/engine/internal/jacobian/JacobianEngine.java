package io.attribution.engine.internal.jacobian;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.EngineKind;
import java.util.Optional;

/**
 * Computes an encoder's outputs and Jacobians. Safe for use by several threads, each with scopes of
 * its own.
 */
public interface JacobianEngine extends AutoCloseable {
  /** What it is: layers, layerwise or autograd. */
  EngineKind kind();

  /**
   * @param inputs e, (n, K), on the engine's device; its manager owns every array this creates
   * @return z (n, O) and J (n, O, K)
   * @throws ai.djl.engine.EngineException when libtorch refuses the computation
   */
  Linearization linearize(NDArray inputs);

  /** Where it computes; inputs must be there. */
  Device device();

  /** How many rows one call of {@link #linearize} should get: the fastest size, not a limit. */
  default int preferredRows() {
    return 256;
  }

  /**
   * One program for all steps from raw features to attributions; empty where the engine computes
   * Jacobians only. The caller closes it.
   *
   * @param contributions whether it computes C
   * @param reduction how it makes R, if it does
   */
  default Optional<Kernel> compile(boolean contributions, Optional<Reduction> reduction) {
    return Optional.empty();
  }

  /** Whether it runs the encoder's own operators, and not faster ones in their place. */
  default boolean isAsGiven() {
    return true;
  }

  /**
   * The same encoder with faster operators in the place of its own, where there are any. The caller
   * compares both, and closes both.
   */
  default Optional<JacobianEngine> faster() {
    return Optional.empty();
  }

  @Override
  void close();
}
