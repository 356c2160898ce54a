package io.attribution.engine.internal.projection;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.attribution.engine.bundle.Preprocessing;
import io.attribution.engine.bundle.Tensor;
import io.attribution.engine.internal.torch.PyTorch;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.reduction.Reduction.L2;
import io.attribution.engine.reduction.Reduction.Signed;
import java.util.Optional;
import java.util.function.BinaryOperator;

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
  private final Optional<CategoricalInputs> categories;

  /**
   * @param device where it computes
   */
  public FeatureProjection(Preprocessing preprocessing, Device device) {
    this(preprocessing, Optional.empty(), device);
  }

  /**
   * @param categories the columns of indices behind which the encoder is cut, if it is
   * @param device where it computes
   */
  public FeatureProjection(
      Preprocessing preprocessing, Optional<Categories> categories, Device device) {
    this.categories = categories.map(columns -> new CategoricalInputs(columns, device));
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
      NDArray x = PyTorch.array(scope, features);
      return matrix(projection.encoderInputs(projection.standardize(x)));
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

  /**
   * What the engine takes for rows: e, and behind it, where the encoder is cut behind columns of
   * indices, the indices.
   *
   * @param inputs e, (n, K)
   * @param base the baseline that categories are compared with, (1, K)
   */
  public NDArray engineInputs(NDArray inputs, NDArray base) {
    return categories.map(c -> c.rows(inputs, base)).orElse(inputs);
  }

  /**
   * Where the paths of rows start: at the baseline.
   *
   * @param inputs e, (n, K)
   * @param base b, (1, K)
   * @return (1, K), or a start for each row where the encoder is cut
   */
  public NDArray engineStarts(NDArray inputs, NDArray base) {
    return categories.map(c -> c.starts(inputs, base)).orElse(base);
  }

  /** {@link #engineInputs(NDArray, NDArray)} of a few rows, in Java memory. */
  public FloatMatrix engineInputs(FloatMatrix inputs, FloatMatrix base) {
    return inJavaMemory(inputs, base, this::engineInputs);
  }

  /** {@link #engineStarts(NDArray, NDArray)} of a few rows, in Java memory. */
  public FloatMatrix engineStarts(FloatMatrix inputs, FloatMatrix base) {
    return inJavaMemory(inputs, base, this::engineStarts);
  }

  private FloatMatrix inJavaMemory(
      FloatMatrix inputs, FloatMatrix base, BinaryOperator<NDArray> make) {
    try (NDManager temporary = scope.newSubManager()) {
      return matrix(make.apply(PyTorch.array(temporary, inputs), PyTorch.array(temporary, base)));
    }
  }

  private static FloatMatrix matrix(NDArray array) {
    FloatMatrix matrix =
        FloatMatrix.allocateDirect((int) array.getShape().get(0), (int) array.getShape().get(1));
    matrix.bytes(0, matrix.rows()).put(array.toByteBuffer(true));
    return matrix;
  }

  /** What derivatives are multiplied by at the end of a path: u, and 1 for a category. */
  public NDArray ends(NDArray standardized) {
    return categories.map(c -> c.standardized(standardized, 1)).orElse(standardized);
  }

  /** The same at its start: u of the baseline, and 0 for a category. */
  public NDArray starts(NDArray standardized) {
    return categories.map(c -> c.standardized(standardized, 0)).orElse(standardized);
  }

  /** P = J·components, (n, O, K) to (n, O, D); J itself without components. */
  public NDArray project(NDArray jacobian) {
    NDArray own = categories.map(c -> c.own(jacobian)).orElse(jacobian);
    return components.map(own::matMul).orElse(own);
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
    categories.ifPresent(CategoricalInputs::close);
    scope.close();
  }
}
