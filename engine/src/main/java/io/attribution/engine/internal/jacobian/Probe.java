package io.attribution.engine.internal.jacobian;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.attribution.engine.internal.torch.PyTorch;
import io.attribution.engine.matrix.FloatMatrix;
import java.util.Optional;
import java.util.function.Function;

/**
 * An engine's answer for a few rows, in Java memory.
 *
 * @param outputs z, (n, O)
 * @param jacobian J, (n, O·K)
 * @param reconstruction J·e, (n, O)
 * @param intercept c, (n, O), where it was asked for
 */
public record Probe(
    FloatMatrix outputs,
    FloatMatrix jacobian,
    FloatMatrix reconstruction,
    Optional<FloatMatrix> intercept) {

  /**
   * @param inputs e, (n, K), outside the Java heap
   * @throws RuntimeException when the engine refuses them
   */
  public static Probe of(JacobianEngine engine, FloatMatrix inputs) {
    return of(engine, inputs, engine::linearize);
  }

  /**
   * With what the encoder's constants contribute.
   *
   * @param engine one that knows constants
   * @param inputs e, (n, K), outside the Java heap
   * @throws RuntimeException when the engine refuses them
   */
  public static Probe withIntercept(JacobianEngine engine, FloatMatrix inputs) {
    return of(engine, inputs, engine::linearizeWithIntercept);
  }

  /** z alone, (n, O). */
  public static FloatMatrix outputs(JacobianEngine engine, FloatMatrix inputs) {
    try (NDManager scope = PyTorch.newScope(engine.device())) {
      return matrix(engine.outputs(PyTorch.array(scope, inputs)));
    }
  }

  private static Probe of(
      JacobianEngine engine, FloatMatrix inputs, Function<NDArray, Linearization> linearize) {
    try (NDManager scope = PyTorch.newScope(engine.device())) {
      NDArray e = PyTorch.array(scope, inputs);
      Linearization f = linearize.apply(e);
      return new Probe(
          matrix(f.outputs()),
          matrix(f.jacobian()),
          matrix(f.reconstruct(e)),
          f.intercept().map(Probe::matrix));
    }
  }

  private static FloatMatrix matrix(NDArray array) {
    int rows = (int) array.getShape().get(0);
    return FloatMatrix.wrap(array.toByteBuffer(), rows, (int) (array.size() / rows));
  }
}
