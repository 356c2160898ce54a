package io.attribution.engine.internal.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.Utils;
import io.attribution.engine.bundle.Tensor;
import io.attribution.engine.internal.torchscript.TorchScriptFile;
import io.attribution.engine.library.LibTorchException;
import io.attribution.engine.matrix.FloatMatrix;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
   * libtorch, loaded once.
   *
   * @throws LibTorchException when it cannot be unpacked or loaded
   */
  private static Engine engine() {
    return Loaded.ENGINE.get();
  }

  /** Unpacking takes seconds and 432 MiB; a failure is kept, because nothing would change it. */
  private static final class Loaded {
    static final Supplier<Engine> ENGINE = load();

    private static Supplier<Engine> load() {
      try {
        Engine engine = loadInto(folder());
        return () -> engine;
      } catch (LibTorchException e) {
        return () -> {
          throw e;
        };
      }
    }

    private static Path folder() {
      Map<String, String> variables = new HashMap<>();
      for (String name : List.of("ENGINE_CACHE_DIR", "DJL_CACHE_DIR")) {
        variables.put(name, Utils.getEnvOrSystemProperty(name, ""));
      }
      Path folder = CacheFolder.chosen(variables, System.getProperty("user.home"));
      CacheFolder.secure(folder);
      return folder;
    }

    private static Engine loadInto(Path folder) {
      try {
        return Engine.getEngine("PyTorch");
      } catch (RuntimeException | LinkageError e) {
        String reasons =
            Stream.<Throwable>iterate(e, cause -> cause != null, Throwable::getCause)
                .map(cause -> cause.getMessage() == null ? cause.toString() : cause.getMessage())
                .distinct()
                .collect(Collectors.joining(": "));
        throw new LibTorchException(
            "libtorch cannot be loaded from "
                + folder
                + ": "
                + reasons
                + "; it needs 432 MiB there, or set DJL_CACHE_DIR to another folder",
            e);
      }
    }
  }

  /**
   * A scope for arrays that live as long as a model does.
   *
   * @param device where the arrays live
   * @throws LibTorchException when libtorch cannot be unpacked, or loaded on this platform
   */
  public static NDManager newScope(Device device) {
    engine();
    return NDManager.newBaseManager(device, "PyTorch");
  }

  /** The version of libtorch, such as 2.7.1. */
  public static String version() {
    return engine().getVersion();
  }

  /** Whether libtorch is built with CUDA, and finds a driver and a card. */
  public static boolean findsGpu() {
    return engine().hasCapability(StandardCapabilities.CUDA);
  }

  /**
   * Sets how many threads one operation may use, for the whole process.
   *
   * @param threads at least 1
   */
  public static void useThreads(int threads) {
    engine();
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

  /** A copy of a matrix in the memory of the scope's device. */
  public static NDArray array(NDManager scope, FloatMatrix matrix) {
    return scope.create(
        matrix.bytes(0, matrix.rows()),
        new Shape(matrix.rows(), matrix.columns()),
        DataType.FLOAT32);
  }

  /**
   * A TorchScript program from its text.
   *
   * @param text the code of a class named Kernel without attributes
   * @throws ai.djl.engine.EngineException when libtorch refuses it
   */
  public static PtSymbolBlock program(NDManager scope, String text) {
    return program(scope, text, Map.of());
  }

  /**
   * A TorchScript program that calls functions of other modules.
   *
   * @param text the code of a class named Kernel without attributes
   * @param modules their code by their names
   * @throws ai.djl.engine.EngineException when libtorch refuses it
   */
  public static PtSymbolBlock program(NDManager scope, String text, Map<String, String> modules) {
    try {
      return JniUtils.loadModule(
          (PtNDManager) scope,
          new ByteArrayInputStream(TorchScriptFile.ofProgram(text, modules)),
          true,
          false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What a program's method returns for some arrays.
   *
   * @param to owns the result
   * @throws ai.djl.engine.EngineException when libtorch refuses them
   */
  public static NDArray call(
      PtSymbolBlock program, String method, NDManager to, NDArray... arrays) {
    IValue[] arguments = new IValue[arrays.length];
    try {
      for (int i = 0; i < arrays.length; i++) {
        arguments[i] = IValue.from((PtNDArray) arrays[i]);
      }
      try (IValue result = IValueUtils.runMethod(program, method, arguments)) {
        return result.toTensor((PtNDManager) to);
      }
    } finally {
      for (IValue argument : arguments) {
        if (argument != null) {
          argument.close();
        }
      }
    }
  }
}
