package io.attribution.benchmarks.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.attribution.engine.attribution.Attributions;
import io.attribution.engine.attribution.Attributor;
import io.attribution.engine.attribution.ResultMemory;
import io.attribution.engine.attribution.ResultSelection;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.internal.jacobian.Engines;
import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.internal.jacobian.Linearization;
import io.attribution.engine.internal.route.MethodPlan;
import io.attribution.engine.internal.route.Routes;
import io.attribution.engine.internal.torch.PyTorch;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.EngineKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * An engine on one bundle: the only class here that knows the application's numeric interfaces. n
 * rows, K encoder inputs, D raw features, O outputs.
 */
final class EngineUnderTest implements AutoCloseable {
  private static final long SEED = 20_261_123;

  private final NDManager memory;
  private final JacobianEngine engine;
  private final Attributor attributor;
  private final ResultMemory results;

  EngineUnderTest(ModelBundle bundle, EngineKind kind, Device device) {
    this.engine = asAdmitted(Engines.open(bundle, kind, device));
    this.memory = PyTorch.newScope(device);
    ResultSelection all = ResultSelection.all(new Reduction.L2());
    this.attributor =
        new Attributor(
            bundle,
            all,
            ContributionMethod.JACOBIAN,
            List.of(),
            Routes.of(bundle, engine, all, MethodPlan.of(ContributionMethod.JACOBIAN), 0));
    this.results = attributor.newMemory();
  }

  /**
   * Two results of one call, to compare.
   *
   * @param small z (n, O), or l2 (n, D)
   * @param large J (n, O·K), or C (n, O·D)
   */
  record Answer(FloatMatrix small, FloatMatrix large) {}

  /** With the operators that the admission check takes; this benchmark compares results as well. */
  private static JacobianEngine asAdmitted(JacobianEngine given) {
    Optional<JacobianEngine> faster = given.faster().filter(taken -> taken.kind() == given.kind());
    faster.ifPresent(taken -> given.close());
    return faster.orElse(given);
  }

  /** The engines that can open the bundle; what {@code auto} takes first. */
  static List<EngineKind> kinds(ModelBundle bundle) {
    List<EngineKind> kinds = new ArrayList<>();
    if (bundle.layers().isPresent()) {
      kinds.add(EngineKind.LAYERS);
    }
    if (bundle.graph().isPresent() && Engines.obstacle(bundle).isEmpty()) {
      kinds.add(EngineKind.GRAPH);
    }
    if (bundle.encoder().isPresent() || bundle.graph().isPresent()) {
      kinds.add(EngineKind.AUTOGRAD);
    }
    return kinds;
  }

  /** Standard normal rows outside the Java heap, the same in every run. */
  static FloatMatrix normal(int rows, int columns) {
    Random random = new Random(SEED);
    FloatMatrix matrix = FloatMatrix.allocateDirect(rows, columns);
    float[] values = new float[columns];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < columns; i++) {
        values[i] = (float) random.nextGaussian();
      }
      matrix.setRow(row, values);
    }
    return matrix;
  }

  /**
   * z and J, left in the device's memory and dropped, as the peers do.
   *
   * @param inputs e, (n, K)
   */
  void linearize(FloatMatrix inputs) {
    try (NDManager scope = memory.newSubManager()) {
      Linearization f = engine.linearize(array(scope, inputs));
      if (engine.device().isGpu()) {
        // A GPU works behind the caller's back; z comes out last.
        f.outputs().toByteBuffer();
      }
    }
  }

  /** z and J. */
  Answer linearized(FloatMatrix inputs) {
    try (NDManager scope = memory.newSubManager()) {
      Linearization f = engine.linearize(array(scope, inputs));
      return new Answer(matrix(f.outputs()), matrix(f.jacobian()));
    }
  }

  /**
   * z, J·e, C and l2 in Java memory, which the next call uses again, as in the stream.
   *
   * @param features x, (n, D)
   */
  Attributions attribute(FloatMatrix features) {
    Attributions filled = results.of(features.rows());
    attributor.attribute(features, filled);
    return filled;
  }

  /** l2 and C. */
  Answer attributed(FloatMatrix features) {
    Attributions own = attributor.attribute(features);
    return new Answer(own.reduced().orElseThrow(), own.contributions().orElseThrow());
  }

  private static NDArray array(NDManager scope, FloatMatrix matrix) {
    Shape shape = new Shape(matrix.rows(), matrix.columns());
    return scope.create(matrix.bytes(0, matrix.rows()), shape, DataType.FLOAT32);
  }

  private static FloatMatrix matrix(NDArray array) {
    ByteBuffer bytes = array.toByteBuffer();
    int rows = (int) array.getShape().get(0);
    return FloatMatrix.wrap(bytes, rows, bytes.capacity() / Float.BYTES / rows);
  }

  @Override
  public void close() {
    attributor.close();
    engine.close();
    memory.close();
  }
}
