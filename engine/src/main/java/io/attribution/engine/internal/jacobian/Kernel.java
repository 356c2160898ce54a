package io.attribution.engine.internal.jacobian;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.attribution.engine.internal.kernel.KernelSource;
import io.attribution.engine.internal.kernel.KernelTarget;
import io.attribution.engine.internal.kernel.Operand;
import io.attribution.engine.internal.torch.PyTorch;
import java.util.List;

/**
 * A compiled program in libtorch: one call from Java for a whole batch. Safe for use by several
 * threads, each with arrays of its own.
 */
public final class Kernel implements AutoCloseable {
  private final PtNDManager scope;
  private final PtSymbolBlock program;
  private final IValue operands;

  /**
   * Loads a program and its constant arrays into a device's memory.
   *
   * @param target what the program was compiled for
   * @throws ai.djl.engine.EngineException when libtorch refuses the program
   */
  public Kernel(KernelSource source, KernelTarget target, Device device) {
    this.scope = (PtNDManager) PyTorch.newScope(device);
    try {
      this.program = PyTorch.program(scope, source.text());
      this.operands = operands(source.operands(), target);
    } catch (RuntimeException e) {
      scope.close();
      throw e;
    }
  }

  private IValue operands(List<Operand> sources, KernelTarget target) {
    PtNDArray[] arrays = new PtNDArray[sources.size()];
    for (int i = 0; i < arrays.length; i++) {
      Operand operand = sources.get(i);
      PtNDArray array = array(operand, target.float64());
      arrays[i] = operand.packed() ? packed(array) : array;
    }
    return IValue.listFrom(arrays);
  }

  private PtNDArray array(Operand operand, boolean float64) {
    Shape shape = new Shape(operand.shape().stream().mapToLong(Integer::longValue).toArray());
    if (float64) {
      return (PtNDArray) scope.create(operand.values(), shape);
    }
    float[] values = new float[operand.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) operand.values()[i];
    }
    return (PtNDArray) scope.create(values, shape);
  }

  private PtNDArray packed(PtNDArray plain) {
    try (plain;
        IValue argument = IValue.from(plain);
        IValue result = IValueUtils.runMethod(program, "pack", argument)) {
      return result.toTensor(scope);
    }
  }

  /**
   * Fills z and J for encoder inputs.
   *
   * @param inputs e, (n, K)
   * @param outputs z, (n, O), to be filled
   * @param jacobian J, (n, O, K), to be filled
   * @param intercept c, (n, O), to be filled by a program that was compiled for it
   */
  void linearize(NDArray inputs, NDArray outputs, NDArray jacobian, NDArray intercept) {
    try (IValue e = IValue.from((PtNDArray) inputs);
        IValue z = IValue.from((PtNDArray) outputs);
        IValue j = IValue.from((PtNDArray) jacobian);
        IValue c = IValue.from((PtNDArray) intercept)) {
      run("linearize", e, operands, z, j, c);
    }
  }

  /**
   * Fills what the program was compiled for.
   *
   * @param features x, (n, D), in the process's memory
   * @param outputs the arrays of {@link KernelSource#outputs()}, in this order, there as well
   */
  public void attribute(NDArray features, List<NDArray> outputs) {
    if (scope.getDevice().isGpu()) {
      attributeOnGpu(features, outputs);
    } else {
      attributeHere(features, outputs);
    }
  }

  private void attributeOnGpu(NDArray features, List<NDArray> outputs) {
    try (NDManager there = scope.newSubManager()) {
      NDArray x = features.toDevice(there.getDevice(), true);
      x.attach(there);
      List<NDArray> made =
          outputs.stream().map(o -> there.create(o.getShape(), o.getDataType())).toList();
      attributeHere(x, made);
      try (IValue from = list(made);
          IValue to = list(outputs)) {
        run("collect", from, to);
      }
    }
  }

  private static IValue list(List<NDArray> arrays) {
    return IValue.listFrom(arrays.toArray(PtNDArray[]::new));
  }

  private void attributeHere(NDArray features, List<NDArray> outputs) {
    try (IValue x = IValue.from((PtNDArray) features);
        IValue out = list(outputs)) {
      run("attribute", x, operands, out);
    }
  }

  private void run(String method, IValue... arguments) {
    // The thread's own setting; the profiling executor would specialise anew for every size.
    JniUtils.setGraphExecutorOptimize(false);
    IValueUtils.runMethod(program, method, arguments).close();
  }

  @Override
  public void close() {
    operands.close();
    program.close();
    scope.close();
  }
}
