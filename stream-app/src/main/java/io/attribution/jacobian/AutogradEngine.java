package io.attribution.jacobian;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.List;

/**
 * Jacobians of any TorchScript encoder: one forward pass, then one backward pass per output over
 * the whole batch. Rows do not depend on each other (the admission check sees to it), so the
 * gradient of an output summed over the batch holds every row's own gradient.
 */
public final class AutogradEngine implements JacobianEngine {
  private static final int MAX_OUTPUT_AXES = 2;

  private final NDManager scope;
  private final PtSymbolBlock encoder;
  private final Shape rowShape;

  /**
   * @param torchScript the encoder, (n, *inputShape) to (n, O), or to a tuple that starts with it
   * @param inputShape the encoder's input without the batch axis
   * @throws ai.djl.engine.EngineException when libtorch cannot read the file
   */
  public AutogradEngine(Path torchScript, List<Integer> inputShape) {
    this.scope = PyTorch.newScope();
    this.rowShape = new Shape(inputShape.stream().mapToLong(Integer::longValue).toArray());
    try {
      // trainParam = true: the others are loaded as inference tensors, which autograd refuses.
      this.encoder =
          JniUtils.loadModule(
              (PtNDManager) scope, torchScript, true, new String[0], new String[0], true);
    } catch (RuntimeException e) {
      scope.close();
      throw e;
    }
    JniUtils.enableInferenceMode(encoder);
    freezeParameters();
  }

  /** Without this every backward pass computes the parameters' gradients as well. */
  private void freezeParameters() {
    try (NDManager temporary = scope.newSubManager()) {
      JniUtils.moduleGetParams(encoder, (PtNDManager) temporary)
          .forEach(parameter -> parameter.setRequiresGradient(false));
    }
  }

  @Override
  public String name() {
    return "autograd";
  }

  @Override
  public Linearization linearize(NDArray inputs) {
    // Both settings are the thread's own. DJL leaves gradients off; the profiling executor would
    // specialise anew for every batch size it meets.
    JniUtils.setGraphExecutorOptimize(false);
    JniUtils.setGradMode(true);
    try {
      return recorded(inputs);
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  private Linearization recorded(NDArray inputs) {
    PtNDArray leaf = (PtNDArray) inputs.reshape(batchShape(inputs)).duplicate();
    leaf.setRequiresGradient(true);
    // Not the leaf itself: an encoder may change its input in place, which autograd refuses of a
    // leaf. Not duplicate(), which autograd does not see. And not mul(1): autograd would keep that
    // 1
    // for the backward pass, while DJL lets its memory go to the next garbage collection.
    NDList input = new NDList(leaf.sub(0f));
    // isTrain = true keeps autograd on; the module itself stays in evaluation mode.
    PtNDArray outputs = (PtNDArray) IValueUtils.forward(encoder, input, true).head();
    requireMatrix(outputs, inputs.getShape().get(0));
    NDArray jacobian = jacobian(outputs, leaf, inputs.getShape());
    return new Linearization(JniUtils.detachGradient(outputs), jacobian);
  }

  private static NDArray jacobian(PtNDArray outputs, PtNDArray leaf, Shape inputShape) {
    int count = (int) outputs.getShape().get(1);
    NDList rows = new NDList(count);
    for (int output = 0; output < count; output++) {
      rows.add(gradient(outputs, output, leaf).reshape(inputShape));
    }
    return NDArrays.stack(rows, 1);
  }

  /** The gradient of one output, (n, *inputShape); a copy. */
  private static NDArray gradient(PtNDArray outputs, int output, PtNDArray leaf) {
    boolean last = output == outputs.getShape().get(1) - 1;
    NDManager scope = outputs.getManager();
    try (NDArray selector = scope.zeros(outputs.getShape(), outputs.getDataType())) {
      selector.set(new NDIndex(":, {}", output), 1f);
      JniUtils.backward(outputs, (PtNDArray) selector, !last, false);
    }
    PtNDArray gradient = JniUtils.getGradient(leaf);
    if (gradient == null) {
      return scope.zeros(leaf.getShape(), leaf.getDataType());
    }
    try (gradient) {
      NDArray copy = gradient.duplicate();
      JniUtils.zeroGrad(leaf);
      return copy;
    }
  }

  private Shape batchShape(NDArray inputs) {
    return new Shape(inputs.getShape().get(0)).addAll(rowShape);
  }

  private static void requireMatrix(NDArray outputs, long rows) {
    Shape shape = outputs.getShape();
    if (shape.dimension() != MAX_OUTPUT_AXES || shape.get(0) != rows) {
      throw new EncoderShapeException(
          "gives shape " + shape + " for " + rows + " rows, expected (" + rows + ", outputs)");
    }
  }

  @Override
  public void close() {
    encoder.close();
    scope.close();
  }
}
