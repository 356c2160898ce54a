package io.attribution.engine.internal.projection;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.attribution.engine.bundle.Preprocessing;
import io.attribution.engine.bundle.Tensor;
import io.attribution.engine.internal.torch.PyTorch;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.reduction.Reduction.L2;
import io.attribution.engine.reduction.Reduction.Signed;
import java.util.Optional;

/**
 * Steps 1 and 4 to 6 of the mathematics: from raw features to what the encoder takes, and from its
 * Jacobian back to contributions of the raw features, reduced or not. n rows, D features, K encoder
 * inputs.
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

  /**
   * Encoder inputs of a few rows, in Java memory.
   *
   * @param features raw, (n, D)
   * @return e, (n, K)
   */
  public static FloatMatrix encoderInputs(
      Preprocessing preprocessing, Device device, FloatMatrix features) {
    try (NDManager scope = PyTorch.newScope(device);
        FeatureProjection projection = new FeatureProjection(preprocessing, device)) {
      NDArray x =
          scope.create(
              features.bytes(0, features.rows()),
              new Shape(features.rows(), features.columns()),
              DataType.FLOAT32);
      NDArray e = projection.encoderInputs(projection.standardize(x));
      FloatMatrix inputs = FloatMatrix.allocateDirect(features.rows(), (int) e.getShape().get(1));
      inputs.bytes(0, inputs.rows()).put(e.toByteBuffer(true));
      return inputs;
    }
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

  /** R (n, D) of C (n, O, D). */
  public static NDArray reduce(Reduction reduction, NDArray contributions) {
    if (reduction instanceof Signed signed) {
      return contributions.get(":, {}", signed.output());
    }
    NDArray l2 = contributions.square().sum(new int[] {1}).sqrt();
    if (reduction instanceof L2) {
      return l2;
    }
    NDArray sum = l2.sum(new int[] {1}, true);
    return l2.div(sum.add(sum.eq(0f).toType(sum.getDataType(), false)));
  }

  @Override
  public void close() {
    scope.close();
  }
}
