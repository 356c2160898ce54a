package io.attribution.engine.internal.jacobian;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.attribution.engine.bundle.EncoderGraph;
import io.attribution.engine.bundle.GraphTensor;
import io.attribution.engine.internal.graph.GraphSource;
import io.attribution.engine.internal.torch.PyTorch;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An encoder from a graph of operators: a program, and its constants in native memory. */
final class GraphEncoder implements RecordedEncoder {
  private static final Logger LOG = LoggerFactory.getLogger(GraphEncoder.class);

  /** By this name DJL makes a list of them. */
  private static final String CONSTANTS = "c[]";

  private static final String OPERANDS = "w[]";

  /** By such a name an array is none, but names the method to call; else it is forward. */
  private static final String METHOD = "module_method:";

  private final PtSymbolBlock program;
  private final List<PtNDArray> constants;
  private final NDArray homogeneousMethod;
  private final boolean addsConstants;
  private final boolean homogeneous;

  /**
   * @param graph its tensors
   * @param source its program
   * @param fast whether operators are replaced by {@link FastOperators}
   * @param scope owns the constants
   * @throws EngineException when libtorch refuses the program
   */
  GraphEncoder(EncoderGraph graph, GraphSource source, boolean fast, NDManager scope) {
    Optional<PtSymbolBlock> complete =
        source.homogeneous().flatMap(text -> homogeneous(scope, text, fast));
    this.addsConstants = source.homogeneous().isPresent();
    this.homogeneous = complete.isPresent();
    this.program = complete.orElseGet(() -> program(source.text(), fast, scope));
    this.homogeneousMethod = method("homogeneous", scope);
    try {
      this.constants = constants(graph, source, program, scope);
      constants.forEach(constant -> constant.setName(CONSTANTS));
    } catch (RuntimeException e) {
      program.close();
      throw e;
    }
  }

  /** What cannot be written with its constants times a number runs as it is. */
  private static Optional<PtSymbolBlock> homogeneous(NDManager scope, String text, boolean fast) {
    try {
      return Optional.of(program(text, fast, scope));
    } catch (EngineException e) {
      LOG.debug("constants are not followed", e);
      return Optional.empty();
    }
  }

  /** A program, with {@link FastOperators} if wanted. */
  static PtSymbolBlock program(String text, boolean fast, NDManager scope) {
    return fast
        ? PyTorch.program(scope, FastOperators.replace(text), FastOperators.modules())
        : PyTorch.program(scope, text);
  }

  /** What a program's method {@code constants} returns. */
  static List<PtNDArray> constants(
      EncoderGraph graph, GraphSource source, PtSymbolBlock program, NDManager scope) {
    NDList arguments = new NDList();
    source
        .operands()
        .forEach(
            name -> arguments.add(array(Objects.requireNonNull(graph.tensors().get(name)), scope)));
    if (arguments.isEmpty()) {
      // DJL makes no list without entries.
      arguments.add(scope.ones(new Shape()));
    }
    arguments.forEach(operand -> operand.setName(OPERANDS));
    arguments.add(scope.ones(new Shape()));
    arguments.add(method("constants", scope));
    JniUtils.setGraphExecutorOptimize(false);
    // isTrain = true: results are inference tensors else, which autograd refuses.
    return IValueUtils.forward(program, arguments, true).stream()
        .map(PtNDArray.class::cast)
        .toList();
  }

  private static NDArray method(String name, NDManager scope) {
    NDArray method = scope.ones(new Shape());
    method.setName(METHOD + name);
    return method;
  }

  private static PtNDArray array(GraphTensor tensor, NDManager scope) {
    Shape shape = new Shape(tensor.shape().stream().mapToLong(Integer::longValue).toArray());
    DataType type =
        switch (tensor.type()) {
          case FLOAT32 -> DataType.FLOAT32;
          case INT64 -> DataType.INT64;
          case BOOL -> DataType.BOOLEAN;
        };
    return (PtNDArray) scope.create(tensor.bytes(), shape, type);
  }

  @Override
  public NDList record(PtNDArray inputs) {
    return IValueUtils.forward(program, arguments(inputs), true);
  }

  @Override
  public NDList record(PtNDArray inputs, PtNDArray one) {
    if (!addsConstants) {
      return record(inputs);
    }
    NDList arguments = arguments(inputs);
    arguments.add(one);
    arguments.add(homogeneousMethod);
    return IValueUtils.forward(program, arguments, true);
  }

  @Override
  public NDList evaluate(PtNDArray inputs) {
    return IValueUtils.forward(program, arguments(inputs), false);
  }

  private NDList arguments(PtNDArray inputs) {
    NDList arguments = new NDList(inputs);
    arguments.addAll(constants);
    return arguments;
  }

  @Override
  public boolean knowsConstants() {
    return homogeneous || !addsConstants;
  }

  @Override
  public void close() {
    program.close();
  }
}
