package io.attribution.engine.internal.route;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.attribution.engine.attribution.Attributions;
import io.attribution.engine.attribution.Route;
import io.attribution.engine.internal.jacobian.Kernel;
import io.attribution.engine.internal.torch.PyTorch;
import io.attribution.engine.matrix.DoubleMatrix;
import io.attribution.engine.matrix.FloatMatrix;
import java.util.ArrayList;
import java.util.List;

/**
 * All steps in one native program. On the CPU it writes its results straight into Java's memory; on
 * a GPU they are copied there once.
 */
final class CompiledRoute implements Route {
  private final NDManager memory = PyTorch.newScope(Device.cpu());
  private final Kernel kernel;
  private final int outputs;
  private final int features;

  /**
   * @param kernel closed with this
   */
  CompiledRoute(Kernel kernel, int outputs, int features) {
    this.kernel = kernel;
    this.outputs = outputs;
    this.features = features;
  }

  @Override
  public void attribute(FloatMatrix x, Attributions results) {
    try (NDManager scope = memory.newSubManager()) {
      long rows = x.rows();
      List<NDArray> arrays = new ArrayList<>();
      arrays.add(array(scope, results.embedding(), new Shape(rows, outputs)));
      arrays.add(array(scope, results.exact()));
      arrays.add(array(scope, results.reconstruction()));
      arrays.add(array(scope, results.check(), new Shape(rows)));
      results
          .contributions()
          .ifPresent(c -> arrays.add(array(scope, c, new Shape(rows, outputs, features))));
      results.reduced().ifPresent(r -> arrays.add(array(scope, r, new Shape(rows, features))));
      results.base().ifPresent(b -> arrays.add(array(scope, b, new Shape(rows, outputs))));
      kernel.attribute(array(scope, x, new Shape(rows, features)), arrays);
    }
  }

  /** The matrix's own memory as an array. */
  private static NDArray array(NDManager scope, FloatMatrix matrix, Shape shape) {
    return scope.create(matrix.bytes(0, matrix.rows()), shape, DataType.FLOAT32);
  }

  private static NDArray array(NDManager scope, DoubleMatrix matrix) {
    return scope.create(
        matrix.bytes(), new Shape(matrix.rows(), matrix.columns()), DataType.FLOAT64);
  }

  @Override
  public void close() {
    kernel.close();
    memory.close();
  }
}
