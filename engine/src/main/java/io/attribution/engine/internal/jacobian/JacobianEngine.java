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

  /**
   * The outputs alone: one forward pass.
   *
   * @param inputs e, (n, K), on the engine's device; its manager owns every array this creates
   * @return z (n, O)
   */
  default NDArray outputs(NDArray inputs) {
    return linearize(inputs).outputs();
  }

  /** Whether it can follow the encoder's additive constants to the outputs. */
  default boolean knowsConstants() {
    return false;
  }

  /**
   * As {@link #linearize}, with the intercept. For an encoder that is piecewise linear with
   * constants, z = J·e + c: the encoder is homogeneous in its input and its constants together, so
   * that Euler's theorem gives each its share (Srinivas and Fleuret 2019, "Full-Gradient
   * Representation for Neural Network Visualization").
   *
   * @return with {@link Linearization#intercept}
   * @throws UnsupportedOperationException where the engine does not know the constants
   */
  default Linearization linearizeWithIntercept(NDArray inputs) {
    throw new UnsupportedOperationException(kind().label() + " does not know constants");
  }

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
   * @param intercept whether it computes what constants contribute
   */
  default Optional<Kernel> compile(
      boolean contributions, Optional<Reduction> reduction, boolean intercept) {
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
