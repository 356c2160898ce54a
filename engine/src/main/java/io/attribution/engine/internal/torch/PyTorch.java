package io.attribution.engine.internal.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import io.attribution.engine.bundle.Tensor;
import io.attribution.engine.internal.torchscript.TorchScriptFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one way to libtorch: its settings, its memory and its threads. */
public final class PyTorch {
  private static final Logger LOG = LoggerFactory.getLogger(PyTorch.class);

  static {
    // Set before DJL's classes load: it would otherwise look for natives on the network and report
    // its use to its makers.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  private PyTorch() {}

  /**
   * A scope for arrays that live as long as a model does.
   *
   * @param device where the arrays live
   * @throws ai.djl.engine.EngineException when libtorch cannot be loaded on this platform
   */
  public static NDManager newScope(Device device) {
    return NDManager.newBaseManager(device, "PyTorch");
  }

  /** The version of libtorch, such as 2.7.1. */
  public static String version() {
    return Engine.getEngine("PyTorch").getVersion();
  }

  /** Whether libtorch is built with CUDA, and finds a driver and a card. */
  public static boolean findsGpu() {
    return Engine.getEngine("PyTorch").hasCapability(StandardCapabilities.CUDA);
  }

  /**
   * Sets how many threads one operation may use, for the whole process.
   *
   * @param threads at least 1
   */
  public static void useThreads(int threads) {
    Engine.getEngine("PyTorch");
    if (JniUtils.getNumThreads() != threads) {
      JniUtils.setNumThreads(threads);
    }
    LOG.info("libtorch {} computes with {} threads per operation", version(), threads);
  }

  /** A copy of a tensor in the memory of the scope's device. */
  public static NDArray array(NDManager scope, Tensor tensor) {
    Shape shape = new Shape(tensor.shape().stream().mapToLong(Integer::longValue).toArray());
    return scope.create(tensor.values(), shape);
  }

  /**
   * A TorchScript program from its text.
   *
   * @param text the code of a class named Kernel without attributes
   * @throws ai.djl.engine.EngineException when libtorch refuses it
   */
  public static PtSymbolBlock program(NDManager scope, String text) {
    try {
      return JniUtils.loadModule(
          (PtNDManager) scope,
          new ByteArrayInputStream(TorchScriptFile.ofProgram(text)),
          true,
          false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
