package io.attribution.engine.internal.jacobian;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;

/** An encoder from a TorchScript file. */
final class TorchScriptEncoder implements RecordedEncoder {
  private final PtSymbolBlock module;

  /**
   * @param scope owns the weights
   * @throws ai.djl.engine.EngineException when libtorch cannot read the file
   */
  TorchScriptEncoder(Path file, NDManager scope) {
    // trainParam = true: the others are loaded as inference tensors, which autograd refuses.
    this.module =
        JniUtils.loadModule((PtNDManager) scope, file, true, new String[0], new String[0], true);
    JniUtils.enableInferenceMode(module);
    freezeParameters(scope);
  }

  /** Without this every backward pass computes the parameters' gradients as well. */
  private void freezeParameters(NDManager scope) {
    try (NDManager temporary = scope.newSubManager()) {
      JniUtils.moduleGetParams(module, (PtNDManager) temporary)
          .forEach(parameter -> parameter.setRequiresGradient(false));
    }
  }

  @Override
  public NDList record(PtNDArray inputs) {
    // isTrain = true keeps autograd on; the module itself stays in evaluation mode.
    return IValueUtils.forward(module, new NDList(inputs), true);
  }

  @Override
  public NDList evaluate(PtNDArray inputs) {
    return IValueUtils.forward(module, new NDList(inputs), false);
  }

  @Override
  public void close() {
    module.close();
  }
}
