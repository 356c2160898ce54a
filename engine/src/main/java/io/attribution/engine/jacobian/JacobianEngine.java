package io.attribution.engine.jacobian;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.util.Optional;

/**
 * Computes an encoder's outputs and Jacobians. Safe for use by several threads, each with scopes of
 * its own.
 */
public interface JacobianEngine extends AutoCloseable {

  /** The name in configuration, metrics and records: {@code layers} or {@code autograd}. */
  String name();

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

  /** Whether it runs the encoder's own operators, and not faster ones in their place. */
  default boolean isAsGiven() {
    return true;
  }

  /**
   * The same with faster operators in the place of the encoder's own, where there are any; the
   * caller compares both, and closes both.
   */
  default Optional<JacobianEngine> faster() {
    return Optional.empty();
  }

  @Override
  void close();
}
