package io.attribution.engine.runtime;

import io.attribution.engine.internal.torch.PyTorch;
import io.attribution.engine.library.LibTorchException;

/**
 * The native library that computes, one per process. Its first use unpacks and loads it, which
 * takes seconds.
 */
public final class LibTorch {
  private LibTorch() {}

  /**
   * The version, such as 2.7.1.
   *
   * @throws LibTorchException when libtorch cannot be unpacked, or loaded on this platform
   */
  public static String version() {
    return PyTorch.version();
  }

  /**
   * Sets how many threads one operation may use. It holds for the whole process; without it
   * libtorch takes one thread per core. A service that explains from several threads wants cores
   * divided by them.
   *
   * @param threads at least 1
   * @throws LibTorchException when libtorch cannot be unpacked, or loaded on this platform
   */
  public static void useThreads(int threads) {
    PyTorch.useThreads(threads);
  }
}
