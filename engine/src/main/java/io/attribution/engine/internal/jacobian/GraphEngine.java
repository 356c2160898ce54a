package io.attribution.engine.internal.jacobian;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.attribution.engine.bundle.EncoderGraph;
import io.attribution.engine.internal.graph.GraphSource;
import io.attribution.engine.internal.torch.PyTorch;
import io.attribution.engine.runtime.EngineKind;
import java.util.List;
import java.util.Optional;

/**
 * Jacobians of an encoder whose graph is known, by a program that is its derivative: one forward
 * pass, then the cotangents of all outputs back together, so many rows at a time that they stay in
 * the processor's cache.
 */
final class GraphEngine implements JacobianEngine {
  /** Floats of the largest array of cotangents: 4 MiB on a CPU. */
  private static final long CPU_FLOATS = 1L << 20;

  private static final long GPU_FLOATS = 1L << 26;

  private static final int MOST_ROWS = 1024;

  private final NDManager scope;
  private final PtSymbolBlock program;
  private final IValue constants;
  private final AutogradEngine given;
  private final List<Integer> inputShape;
  private final int outputs;
  private final int tile;

  /**
   * @param source with a derivative
   * @param given the same encoder with libtorch's own derivatives; closed with this, and at once
   *     when this fails
   * @param inputShape the encoder's input without the batch axis
   * @throws ai.djl.engine.EngineException when libtorch refuses the program
   */
  GraphEngine(
      EncoderGraph graph, GraphSource source, AutogradEngine given, List<Integer> inputShape) {
    this.given = given;
    this.inputShape = List.copyOf(inputShape);
    this.scope = PyTorch.newScope(given.device());
    try {
      String text = source.derivative().orElseThrow();
      boolean fast = !given.device().isGpu();
      this.program = GraphEncoder.program(text, fast, scope);
      List<PtNDArray> arrays = GraphEncoder.constants(graph, source, program, scope);
      this.constants = IValue.listFrom(arrays.toArray(PtNDArray[]::new));
      try (NDManager temporary = scope.newSubManager()) {
        NDArray row = temporary.zeros(batch(1));
        this.outputs = (int) given.outputs(row.reshape(1, -1)).getShape().get(1);
        this.tile = tile(row);
      }
    } catch (RuntimeException e) {
      scope.close();
      given.close();
      throw e;
    }
  }

  private int tile(NDArray row) {
    try (IValue x = IValue.from((PtNDArray) row);
        IValue widest = IValueUtils.runMethod(program, "widest", x, constants)) {
      long floats = device().isGpu() ? GPU_FLOATS : CPU_FLOATS;
      long rows = floats / Math.max(1, widest.toLong() * outputs);
      return (int) Math.max(1, Math.min(rows, MOST_ROWS));
    }
  }

  private Shape batch(long rows) {
    return new Shape(rows)
        .addAll(new Shape(inputShape.stream().mapToLong(Integer::longValue).toArray()));
  }

  @Override
  public EngineKind kind() {
    return EngineKind.GRAPH;
  }

  @Override
  public Device device() {
    return scope.getDevice();
  }

  @Override
  public Linearization linearize(NDArray inputs) {
    JniUtils.setGraphExecutorOptimize(false);
    long rows = inputs.getShape().get(0);
    NDManager manager = inputs.getManager();
    NDArray z = manager.create(new Shape(rows, outputs));
    NDArray jacobian = manager.create(new Shape(rows, outputs, inputs.size() / rows));
    NDArray batch = inputs.reshape(batch(rows));
    try (IValue x = IValue.from((PtNDArray) batch);
        IValue most = IValue.from((long) tile);
        IValue to = IValue.from((PtNDArray) z);
        IValue j = IValue.from((PtNDArray) jacobian)) {
      IValueUtils.runMethod(program, "linearize", x, constants, most, to, j).close();
    }
    return new Linearization(z, jacobian);
  }

  @Override
  public NDArray outputs(NDArray inputs) {
    return given.outputs(inputs);
  }

  @Override
  public boolean knowsConstants() {
    return given.knowsConstants();
  }

  /** The constants by automatic differentiation, in one pass whatever the number of outputs. */
  @Override
  public Linearization linearizeWithIntercept(NDArray inputs) {
    Linearization f = linearize(inputs);
    return new Linearization(f.outputs(), f.jacobian(), Optional.of(given.intercept(inputs)));
  }

  @Override
  public int preferredRows() {
    return given.preferredRows();
  }

  @Override
  public void close() {
    given.close();
    constants.close();
    program.close();
    scope.close();
  }
}
