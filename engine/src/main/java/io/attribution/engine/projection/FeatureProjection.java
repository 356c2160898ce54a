package io.attribution.engine.projection;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.attribution.engine.bundle.Preprocessing;
import io.attribution.engine.bundle.Tensor;
import io.attribution.engine.jacobian.PyTorch;
import java.util.Optional;

/**
 * Steps 1, 4 and 5 of the mathematics: from raw features to what the encoder takes, and from its
 * Jacobian back to contributions of the raw features. n rows, D features, K encoder inputs.
 */
public final class FeatureProjection implements AutoCloseable {
  private final NDManager scope;
  private final Optional<NDArray> mean;
  private final Optional<NDArray> scale;
  private final Optional<NDArray> components;
  private final Optional<NDArray> componentsTransposed;

  /**
   * @param device where it computes
   */
  public FeatureProjection(Preprocessing preprocessing, Device device) {
    this.scope = PyTorch.newScope(device);
    this.mean = preprocessing.mean().map(this::array);
    this.scale = preprocessing.scale().map(this::array);
    this.components = preprocessing.components().map(this::array);
    this.componentsTransposed = components.map(NDArray::transpose);
  }

  private NDArray array(Tensor tensor) {
    return PyTorch.array(scope, tensor);
  }

  /** u = (x − mean) / scale, (n, D). */
  public NDArray standardize(NDArray features) {
    NDArray centred = mean.map(features::sub).orElse(features);
    return scale.map(centred::div).orElse(centred);
  }

  /** e = u·componentsᵀ, (n, K); u itself without components. */
  public NDArray encoderInputs(NDArray standardized) {
    return componentsTransposed.map(standardized::matMul).orElse(standardized);
  }

  /** P = J·components, (n, O, K) to (n, O, D); J itself without components. */
  public NDArray project(NDArray jacobian) {
    return components.map(jacobian::matMul).orElse(jacobian);
  }

  /** C = P·u, feature by feature, (n, O, D). */
  public static NDArray contributions(NDArray projected, NDArray standardized) {
    return projected.mul(standardized.expandDims(1));
  }

  @Override
  public void close() {
    scope.close();
  }
}
