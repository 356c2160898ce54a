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
import java.util.Objects;
import java.util.Optional;

/**
 * Jacobians of an encoder whose graph is known, by a program that is its derivative: one forward
 * pass, then the cotangents of all outputs back together, so many rows at a time that they stay in
 * the processor's cache.
 */
final class GraphEngine implements JacobianEngine {
  /**
   * Floats of the largest array of cotangents that are tried: 1, 4 and 16 MiB. Which is fastest is
   * a matter of the operators and of the caches.
   */
  private static final List<Long> CPU_FLOATS = List.of(1L << 18, 1L << 20, 1L << 22);

  private static final List<Long> GPU_FLOATS = List.of(1L << 26);
  private static final int MOST_ROWS = 1024;

  /** Rows of a trial: fewer where a row is large. */
  private static final int TRIAL_ROWS = 256;

  private static final long TRIAL_FLOATS = 1L << 24;
  private static final int TRIALS = 3;

  /** Of a trial, where a row takes long. */
  private static final long TRIAL_NANOS = 200_000_000;

  private final NDManager scope;
  private final AutogradEngine given;
  private final List<Integer> inputShape;
  private final int outputs;
  private final Form form;

  /**
   * A program and how many rows at a time it gets.
   *
   * @param constants what it hands on to itself
   */
  private record Form(PtSymbolBlock program, IValue constants, int tile) {
    void close() {
      constants.close();
      program.close();
    }
  }

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
    try (NDManager temporary = scope.newSubManager()) {
      long inputs = batch(1).size();
      this.outputs = (int) given.outputs(temporary.zeros(new Shape(1, inputs))).getShape().get(1);
      this.form = fastest(graph, source, temporary);
    } catch (RuntimeException e) {
      scope.close();
      given.close();
      throw e;
    }
  }

  /** With libtorch's own products and with oneDNN's, a few rows and many at a time. */
  private Form fastest(EncoderGraph graph, GraphSource source, NDManager temporary) {
    String text = source.derivative().orElseThrow();
    List<Boolean> products =
        device().isGpu() || FastOperators.replace(text).equals(text)
            ? List.of(false)
            : List.of(false, true);
    Form best = null;
    long bestNanos = Long.MAX_VALUE;
    for (boolean fast : products) {
      PtSymbolBlock program = GraphEncoder.program(text, fast, scope);
      List<PtNDArray> arrays = GraphEncoder.constants(graph, source, program, scope);
      IValue constants = IValue.listFrom(arrays.toArray(PtNDArray[]::new));
      long widest = widest(program, constants, temporary);
      NDArray rows = trialRows(new Form(program, constants, 1), widest, temporary);
      Form own = null;
      for (long floats : device().isGpu() ? GPU_FLOATS : CPU_FLOATS) {
        long tile = Math.max(1, Math.min(MOST_ROWS, floats / (widest * outputs)));
        Form form = new Form(program, constants, (int) tile);
        long nanos = time(form, rows);
        if (nanos < bestNanos) {
          own = form;
          bestNanos = nanos;
        }
      }
      if (own == null) {
        constants.close();
        program.close();
      } else {
        if (best != null) {
          best.close();
        }
        best = own;
      }
    }
    return Objects.requireNonNull(best);
  }

  /** Zeros: an index of a category, too, may be 0. */
  private NDArray trialRows(Form form, long widest, NDManager temporary) {
    long inputs = batch(1).size();
    long nanos = Math.max(1, time(form, temporary.zeros(new Shape(1, inputs))));
    long most = Math.min(TRIAL_FLOATS / (widest * outputs), TRIAL_NANOS / nanos);
    return temporary.zeros(new Shape(Math.max(1, Math.min(TRIAL_ROWS, most)), inputs));
  }

  private long widest(PtSymbolBlock program, IValue constants, NDManager temporary) {
    try (IValue x = IValue.from((PtNDArray) temporary.zeros(batch(1)));
        IValue widest = IValueUtils.runMethod(program, "widest", x, constants)) {
      return Math.max(1, widest.toLong());
    }
  }

  /** The shortest of a few; of one where that takes long. */
  private long time(Form trial, NDArray rows) {
    long shortest = Long.MAX_VALUE;
    long first = System.nanoTime();
    for (int i = 0; i < TRIALS && System.nanoTime() - first < TRIAL_NANOS; i++) {
      long start = System.nanoTime();
      try (NDManager temporary = scope.newSubManager()) {
        NDArray inputs = rows.duplicate();
        inputs.attach(temporary);
        // Read, so that a GPU has done it.
        linearize(inputs, trial).jacobian().max().getFloat();
      }
      shortest = Math.min(shortest, System.nanoTime() - start);
    }
    return shortest;
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
    return linearize(inputs, form);
  }

  private Linearization linearize(NDArray inputs, Form chosen) {
    JniUtils.setGraphExecutorOptimize(false);
    long rows = inputs.getShape().get(0);
    NDManager manager = inputs.getManager();
    NDArray z = manager.create(new Shape(rows, outputs));
    NDArray jacobian = manager.create(new Shape(rows, outputs, inputs.size() / rows));
    NDArray batch = inputs.reshape(batch(rows));
    try (IValue x = IValue.from((PtNDArray) batch);
        IValue most = IValue.from((long) chosen.tile());
        IValue to = IValue.from((PtNDArray) z);
        IValue j = IValue.from((PtNDArray) jacobian)) {
      IValueUtils.runMethod(chosen.program(), "linearize", x, chosen.constants(), most, to, j)
          .close();
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
    form.close();
    scope.close();
  }
}
