package io.attribution.engine.internal.jacobian;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.attribution.engine.bundle.EncoderGraph;
import io.attribution.engine.bundle.Printable;
import io.attribution.engine.internal.graph.GraphCompiler;
import io.attribution.engine.internal.graph.GraphSource;
import io.attribution.engine.internal.kernel.Padding;
import io.attribution.engine.internal.torch.PyTorch;
import io.attribution.engine.runtime.EngineKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jacobians of any encoder that libtorch runs: one forward pass, then one backward pass per output
 * over the whole batch. Rows do not depend on each other (the admission check makes sure), so the
 * gradient of an output summed over the batch holds every row's own gradient.
 */
public final class AutogradEngine implements JacobianEngine {
  private static final Logger LOG = LoggerFactory.getLogger(AutogradEngine.class);
  private static final int MAX_OUTPUT_AXES = 2;
  private static final int FLAT_ROWS = 1024;

  /** Rows times outputs up to which one backward pass for all outputs is faster, on a CPU. */
  private static final int TOGETHER_ROWS = 128;

  /**
   * The same on a GPU, where a pass over few rows takes as long as one over many; bounds the memory
   * of what is kept for the pass, some 3 GiB for the widest encoder of the benchmarks.
   */
  private static final int GPU_TOGETHER_ROWS = 1 << 15;

  /** Values of their inputs: what an encoder of images keeps for a pass grows with them. */
  private static final long GPU_TOGETHER_FLOATS = 1L << 25;

  private static final int IMAGE_ROWS = 128;

  /**
   * One backward pass per output, each result written to its place at once. Gradients are returned
   * and not accumulated: nothing is added up in the input or in a parameter.
   */
  private static final String GRADIENTS =
      """
      class Kernel(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.Kernel, z: Tensor, x: Tensor, jacobian: Tensor) -> Tensor:
          outputs = torch.size(z, 1)
          seed = torch.zeros_like(z)
          for o in range(outputs):
            column = torch.select(seed, 1, o)
            torch.fill_(column, 1)
            seeds = annotate(List[Optional[Tensor]], [seed])
            g = torch.autograd.grad([z], [x], seeds, torch.lt(o, torch.sub(outputs, 1)), False, True)[0]
            torch.fill_(column, 0)
            to = torch.select(jacobian, 1, o)
            if torch.__isnot__(g, None):
              torch.copy_(to, torch.reshape(unchecked_cast(Tensor, g), [torch.size(z, 0), -1]))
            else:
              torch.zero_(to)
          return jacobian
      """;

  /** One backward pass for rows that are repeated once per output: each copy seeds one output. */
  private static final String GRADIENT_OF =
      """
      class Kernel(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.Kernel, z: Tensor, x: Tensor) -> Tensor:
          outputs = torch.size(z, 1)
          seed = torch.zeros_like(z)
          torch.fill_(torch.diagonal(torch.view(seed, [-1, outputs, outputs]), 0, 1, 2), 1)
          seeds = annotate(List[Optional[Tensor]], [seed])
          g = torch.autograd.grad([z], [x], seeds, False, False, True)[0]
          if torch.__isnot__(g, None):
            r = unchecked_cast(Tensor, g)
          else:
            r = torch.zeros_like(x)
          return torch.detach(r)
      """;

  /**
   * ∂z/∂s for every output of every row at once, though s is one number for all of them: the
   * derivative of ∂(v·z)/∂s with respect to v, which is linear in v.
   */
  private static final String INTERCEPT =
      """
      class Kernel(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.Kernel, z: Tensor, s: Tensor) -> Tensor:
          v = torch.requires_grad_(torch.zeros_like(z), True)
          r = torch.zeros_like(z)
          if ops.prim.requires_grad(z):
            seeds = annotate(List[Optional[Tensor]], [v])
            h = torch.autograd.grad([z], [s], seeds, True, True, True)[0]
            if torch.__isnot__(h, None):
              g = unchecked_cast(Tensor, h)
              if ops.prim.requires_grad(g):
                ones = annotate(List[Optional[Tensor]], [torch.ones_like(g)])
                c = torch.autograd.grad([g], [v], ones, True, False, True)[0]
                if torch.__isnot__(c, None):
                  r = unchecked_cast(Tensor, c)
          return torch.detach(r)
      """;

  private final Source source;
  private final List<Integer> inputShape;
  private final boolean asGiven;
  private final NDManager scope;
  private final RecordedEncoder encoder;
  private final PtSymbolBlock gradients;
  private final PtSymbolBlock gradientOf;
  private final PtSymbolBlock interceptOf;
  private final boolean knowsConstants;

  /** O, once it is known. */
  private volatile int outputCount;

  private final Shape rowShape;

  /** Where an encoder comes from. */
  private interface Source {
    /** In a scope of its device. */
    RecordedEncoder open(NDManager scope);

    /** With faster operators, if there are any to put in. */
    Optional<JacobianEngine> faster(List<Integer> inputShape, Device device) throws IOException;

    /** What it is, for messages. */
    String label();
  }

  /**
   * A TorchScript encoder.
   *
   * @param torchScript the encoder, (n, *inputShape) to (n, O), or to a tuple that starts with it
   * @param inputShape the encoder's input without the batch axis
   * @param device where it computes
   * @throws EngineException when libtorch cannot read the file
   */
  public static AutogradEngine of(Path torchScript, List<Integer> inputShape, Device device) {
    return new AutogradEngine(new TorchScript(torchScript), inputShape, device, true);
  }

  /**
   * An encoder that is a graph of operators.
   *
   * @param graph the encoder, (n, *inputShape) to (n, O)
   * @param file model.json, for messages
   * @param inputShape the encoder's input without the batch axis
   * @param device where it computes
   * @param compile whether a derivative of the graph counts as its faster form
   * @throws io.attribution.engine.bundle.BundleException when it calls what is not known
   * @throws EngineException when libtorch refuses the program
   */
  public static AutogradEngine of(
      EncoderGraph graph, String file, List<Integer> inputShape, Device device, boolean compile) {
    GraphSource program = GraphCompiler.compile(graph, file);
    return new AutogradEngine(new Graph(graph, program, false, compile), inputShape, device, true);
  }

  /**
   * The derivative of a graph.
   *
   * @param source with a derivative
   * @throws EngineException when libtorch refuses the program
   */
  static GraphEngine derivative(
      EncoderGraph graph, GraphSource source, List<Integer> inputShape, Device device) {
    boolean replaced = !device.isGpu() && replaces(source);
    AutogradEngine own =
        new AutogradEngine(new Graph(graph, source, replaced, false), inputShape, device, false);
    return new GraphEngine(graph, source, own, inputShape);
  }

  private static boolean replaces(GraphSource source) {
    return !FastOperators.replace(source.text()).equals(source.text());
  }

  private AutogradEngine(Source source, List<Integer> inputShape, Device device, boolean asGiven) {
    this.source = source;
    this.inputShape = List.copyOf(inputShape);
    this.asGiven = asGiven;
    this.scope = PyTorch.newScope(device);
    this.rowShape = new Shape(inputShape.stream().mapToLong(Integer::longValue).toArray());
    try {
      this.encoder = source.open(scope);
    } catch (RuntimeException e) {
      scope.close();
      throw e;
    }
    this.gradients = PyTorch.program(scope, GRADIENTS);
    this.gradientOf = PyTorch.program(scope, GRADIENT_OF);
    this.interceptOf = PyTorch.program(scope, INTERCEPT);
    this.knowsConstants = encoder.knowsConstants() && givesIntercept();
  }

  /** An encoder from a TorchScript file. */
  private record TorchScript(Path file) implements Source {
    @Override
    public RecordedEncoder open(NDManager scope) {
      return new TorchScriptEncoder(file, scope);
    }

    @Override
    public Optional<JacobianEngine> faster(List<Integer> inputShape, Device device)
        throws IOException {
      if (device.isGpu()) {
        return Optional.empty();
      }
      Path copy = Files.createTempFile("attribution-encoder", ".pt");
      // In case of Ctrl-C.
      copy.toFile().deleteOnExit();
      try {
        return FastOperators.copy(file, copy)
            ? Optional.of(new AutogradEngine(new TorchScript(copy), inputShape, device, false))
            : Optional.empty();
      } finally {
        delete(copy);
      }
    }

    @Override
    public String label() {
      return file.toString();
    }
  }

  /** An encoder from a graph. */
  private record Graph(EncoderGraph graph, GraphSource program, boolean fast, boolean compile)
      implements Source {
    @Override
    public RecordedEncoder open(NDManager scope) {
      return new GraphEncoder(graph, program, fast, scope);
    }

    @Override
    public Optional<JacobianEngine> faster(List<Integer> inputShape, Device device) {
      if (compile && program.derivative().isPresent()) {
        return Optional.of(derivative(graph, program, inputShape, device));
      }
      return device.isGpu() || !replaces(program)
          ? Optional.empty()
          : Optional.of(
              new AutogradEngine(
                  new Graph(graph, program, true, false), inputShape, device, false));
    }

    @Override
    public String label() {
      return "graph";
    }
  }

  /** Some operators cannot be derived twice, as the intercept wants. */
  private boolean givesIntercept() {
    try (NDManager temporary = scope.newSubManager()) {
      linearizeWithIntercept(temporary.zeros(new Shape(1, rowShape.size())));
      return true;
    } catch (EngineException | EncoderShapeException e) {
      LOG.debug("constants are not followed", e);
      return false;
    }
  }

  @Override
  public boolean isAsGiven() {
    return asGiven;
  }

  @Override
  public boolean knowsConstants() {
    return knowsConstants;
  }

  /**
   * A graph's derivative where it has one; else, on a CPU, where the encoder calls operators that
   * {@link FastOperators} knows.
   */
  @Override
  public Optional<JacobianEngine> faster() {
    if (!asGiven) {
      return Optional.empty();
    }
    try {
      return source.faster(inputShape, device());
    } catch (IOException | EngineException e) {
      String reason = e.toString().lines().findFirst().orElse("");
      LOG.info("{}: a faster form could not be made: {}", source.label(), reason);
      return Optional.empty();
    }
  }

  private static void delete(Path copy) {
    try {
      Files.deleteIfExists(copy);
    } catch (IOException e) {
      LOG.warn("{}: cannot be deleted: {}", copy, e.toString());
    }
  }

  @Override
  public EngineKind kind() {
    return EngineKind.AUTOGRAD;
  }

  @Override
  public Device device() {
    return scope.getDevice();
  }

  @Override
  public Linearization linearize(NDArray inputs) {
    return linearize(inputs, false);
  }

  @Override
  public Linearization linearizeWithIntercept(NDArray inputs) {
    if (!encoder.knowsConstants()) {
      return JacobianEngine.super.linearizeWithIntercept(inputs);
    }
    return linearize(inputs, true);
  }

  private Linearization linearize(NDArray inputs, boolean intercept) {
    // Both settings are the thread's own. DJL leaves gradients off; the profiling executor would
    // specialise anew for every batch size it meets.
    JniUtils.setGraphExecutorOptimize(false);
    JniUtils.setGradMode(true);
    try {
      long rows = inputs.getShape().get(0);
      return rows <= preferredRows()
          ? tile(inputs, rows, intercept)
          : inTiles(inputs, rows, intercept);
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  /**
   * What the encoder's additive constants contribute, as {@link #linearizeWithIntercept} has it.
   *
   * @return c, (n, O)
   */
  NDArray intercept(NDArray inputs) {
    JniUtils.setGraphExecutorOptimize(false);
    JniUtils.setGradMode(true);
    try {
      NDList parts = new NDList();
      long rows = inputs.getShape().get(0);
      int size = preferredRows();
      for (long from = 0; from < rows; from += size) {
        NDArray part = inputs.get(new NDIndex("{}:{}", from, Math.min(rows, from + size)));
        long own = part.getShape().get(0);
        NDArray padded = device().isGpu() ? part : padded(part, (int) own);
        NDArray c =
            forward(leaf(padded), padded.getShape().get(0), true)
                .intercept(interceptOf)
                .orElseThrow();
        parts.add(c.get(new NDIndex("0:{}", own)));
      }
      return NDArrays.concat(parts);
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  @Override
  public NDArray outputs(NDArray inputs) {
    JniUtils.setGraphExecutorOptimize(false);
    long rows = inputs.getShape().get(0);
    int size = preferredRows();
    NDList outputs = new NDList();
    for (long from = 0; from < rows; from += size) {
      long to = Math.min(rows, from + size);
      NDArray part = inputs.get(new NDIndex("{}:{}", from, to));
      // A copy, because an encoder may change its input in place.
      PtNDArray given = (PtNDArray) part.reshape(batchShape(part)).duplicate();
      NDArray z = first(encoder.evaluate(given));
      requireMatrix(z, to - from);
      outputs.add(z);
    }
    return outputs.size() == 1 ? outputs.head() : NDArrays.concat(outputs);
  }

  private Linearization tile(NDArray inputs, long rows, boolean intercept) {
    return outputCount > 1 && rows * outputCount <= mostTogether()
        ? together(inputs, rows, intercept)
        : recorded(inputs, intercept);
  }

  /** Repeated rows that go in one backward pass: as many as their memory and the device allow. */
  private long mostTogether() {
    return device().isGpu()
        ? Math.min(GPU_TOGETHER_ROWS, GPU_TOGETHER_FLOATS / rowShape.size())
        : TOGETHER_ROWS;
  }

  /**
   * Few rows: each is repeated once per output, so that one backward pass covers all outputs. It
   * computes more, in far fewer operations.
   */
  private Linearization together(NDArray inputs, long rows, boolean intercept) {
    NDArray repeated = inputs.repeat(0, outputCount);
    PtNDArray leaf = leaf(repeated);
    Recorded recorded = forward(leaf, rows * outputCount, intercept);
    Optional<NDArray> constants = recorded.intercept(interceptOf).map(c -> unrepeated(c, rows));
    PtNDArray outputs = recorded.outputs();
    NDArray gradient = IValueUtils.forward(gradientOf, new NDList(outputs, leaf), true).head();
    NDArray z = unrepeated(JniUtils.detachGradient(outputs), rows);
    return new Linearization(z, gradient.reshape(rows, outputCount, repeated.size(1)), constants);
  }

  private NDArray unrepeated(NDArray outputs, long rows) {
    return outputs.reshape(rows, outputCount, outputCount).get(new NDIndex(":, 0"));
  }

  /** What is kept for the backward passes of all rows together would leave the cache. */
  private Linearization inTiles(NDArray inputs, long rows, boolean intercept) {
    NDList outputs = new NDList();
    NDList jacobians = new NDList();
    NDList intercepts = new NDList();
    // Read once: on a GPU it changes when the first tile shows how many outputs there are.
    int size = preferredRows();
    for (long from = 0; from < rows; from += size) {
      long to = Math.min(rows, from + size);
      Linearization part = tile(inputs.get(new NDIndex("{}:{}", from, to)), to - from, intercept);
      outputs.add(part.outputs());
      jacobians.add(part.jacobian());
      part.intercept().ifPresent(intercepts::add);
    }
    return new Linearization(
        NDArrays.concat(outputs),
        NDArrays.concat(jacobians),
        intercept ? Optional.of(NDArrays.concat(intercepts)) : Optional.empty());
  }

  /**
   * Convolutions keep many values for a row: measured with 28×28 pixels, 128 rows at a time are a
   * fifth faster than 1024; for flat inputs fewer rows than 1024 are slower. A GPU gets as many as
   * go in one pass.
   */
  @Override
  public int preferredRows() {
    if (device().isGpu() && outputCount > 0) {
      return (int) Math.max(IMAGE_ROWS / 8, mostTogether() / outputCount);
    }
    return rowShape.dimension() > 1 ? IMAGE_ROWS : FLAT_ROWS;
  }

  private Linearization recorded(NDArray given, boolean intercept) {
    long rows = given.getShape().get(0);
    NDArray inputs = device().isGpu() ? given : padded(given, (int) rows);
    PtNDArray leaf = leaf(inputs);
    Recorded recorded = forward(leaf, inputs.getShape().get(0), intercept);
    PtNDArray outputs = recorded.outputs();
    outputCount = (int) outputs.getShape().get(1);
    Optional<NDArray> constants = recorded.intercept(interceptOf);
    NDArray jacobian = jacobian(outputs, leaf, inputs.getShape());
    NDArray z = JniUtils.detachGradient(outputs);
    if (inputs == given) {
      return new Linearization(z, jacobian, constants);
    }
    NDIndex own = new NDIndex("0:{}", rows);
    return new Linearization(z.get(own), jacobian.get(own), constants.map(c -> c.get(own)));
  }

  /**
   * oneDNN prepares for each number of rows and keeps it ({@link Padding}). Filled up with the last
   * row, with which the encoder must cope anyway.
   */
  private static NDArray padded(NDArray inputs, int rows) {
    int size = Padding.padded(rows);
    if (size == rows) {
      return inputs;
    }
    NDArray last = inputs.get(new NDIndex("{}:{}", rows - 1, rows));
    return inputs.concat(last.repeat(0, size - rows));
  }

  private PtNDArray leaf(NDArray inputs) {
    PtNDArray leaf = (PtNDArray) inputs.reshape(batchShape(inputs)).duplicate();
    leaf.setRequiresGradient(true);
    return leaf;
  }

  private Recorded forward(PtNDArray leaf, long rows, boolean intercept) {
    // Not the leaf itself: an encoder may change its input in place, which autograd refuses of a
    // leaf. Not duplicate(), which autograd does not see. And not mul(1): autograd would keep that
    // 1 for the backward pass, while DJL lets its memory go to the next garbage collection.
    PtNDArray input = leaf.sub(0f);
    Optional<PtNDArray> one = intercept ? Optional.of(one(leaf.getManager())) : Optional.empty();
    NDList given = one.map(s -> encoder.record(input, s)).orElseGet(() -> encoder.record(input));
    PtNDArray outputs = (PtNDArray) first(given);
    requireMatrix(outputs, rows);
    return new Recorded(outputs, one);
  }

  /** In memory of libtorch's own, which autograd may keep. */
  private static PtNDArray one(NDManager manager) {
    PtNDArray one = (PtNDArray) manager.ones(new Shape());
    one.setRequiresGradient(true);
    return one;
  }

  /**
   * A forward pass.
   *
   * @param outputs z
   * @param one what its constants were multiplied by
   */
  private record Recorded(PtNDArray outputs, Optional<PtNDArray> one) {

    /** c, (n, O), where constants were multiplied. */
    Optional<NDArray> intercept(PtSymbolBlock interceptOf) {
      return one.map(s -> IValueUtils.forward(interceptOf, new NDList(outputs, s), true).head());
    }
  }

  private NDArray jacobian(PtNDArray outputs, PtNDArray leaf, Shape inputShape) {
    long rows = inputShape.get(0);
    NDArray jacobian =
        leaf.getManager()
            .create(
                new Shape(rows, outputs.getShape().get(1), leaf.size() / rows), leaf.getDataType());
    return IValueUtils.forward(gradients, new NDList(outputs, leaf, jacobian), true).head();
  }

  private Shape batchShape(NDArray inputs) {
    return new Shape(inputs.getShape().get(0)).addAll(rowShape);
  }

  /** A tuple's first tensor is the embedding; which entry of a dict is, nobody said. */
  private static NDArray first(NDList outputs) {
    if (outputs.isEmpty()) {
      throw new EncoderShapeException("gives no tensor; return one, (n, outputs)");
    }
    if (outputs.size() > 1 && outputs.head().getName() != null) {
      List<String> names =
          outputs.stream().map(o -> Printable.excerpt(String.valueOf(o.getName()))).toList();
      throw new EncoderShapeException(
          "gives a dict of " + names + "; export a module that returns the one to explain");
    }
    return outputs.head();
  }

  private static void requireMatrix(NDArray outputs, long rows) {
    if (outputs.getDataType() != DataType.FLOAT32) {
      throw new EncoderShapeException(
          "gives numbers of type "
              + outputs.getDataType().name().toLowerCase(Locale.ROOT)
              + "; return float32, for example by y.float()");
    }
    Shape shape = outputs.getShape();
    if (shape.dimension() != MAX_OUTPUT_AXES || shape.get(0) != rows) {
      throw new EncoderShapeException(
          "gives shape " + shape + " for " + rows + " rows, expected (" + rows + ", outputs)");
    }
  }

  @Override
  public void close() {
    interceptOf.close();
    gradientOf.close();
    gradients.close();
    encoder.close();
    scope.close();
  }
}
