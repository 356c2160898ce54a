package io.attribution.benchmarks.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import io.attribution.engine.internal.torch.PyTorch;
import java.util.List;
import java.util.stream.Stream;

/**
 * The machine's own rate: a float32 matrix product (m, k)·(k, n) of two plain arrays, in the same
 * process and with the same threads as the engines.
 */
final class MatrixProduct implements AutoCloseable {
  private static final int GPU_SIDE = 8192;

  /** x·wᵀ for w (n, k): the call of the layers engine, with weights as they are. */
  private static final String ONEDNN =
      """
      class Kernel(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.Kernel, x: Tensor, w: Tensor) -> Tensor:
          return ops.mkldnn._linear_pointwise(x, w, None, "none", annotate(List[Optional[number]], []), "")
      """;

  /** How a product is computed. The result belongs to the scope. */
  @FunctionalInterface
  private interface Library {
    NDArray multiply(NDArray left, NDArray right, NDManager scope);
  }

  private final String name;
  private final NDManager memory;
  private final NDArray left;
  private final NDArray right;
  private final Library library;
  private final long operations;

  private MatrixProduct(String name, NDManager memory, Shape left, Shape right, Library library) {
    this.name = name;
    this.memory = memory;
    this.left = memory.randomNormal(left);
    this.right = memory.randomNormal(right);
    this.library = library;
    this.operations = 2 * left.get(0) * right.size();
  }

  private static String name(int m, int k, int n) {
    return "sgemm " + m + "×" + k + "×" + n;
  }

  /** What {@code torch.mm} calls: MKL on a CPU, cuBLAS on a GPU. */
  private static MatrixProduct libtorch(int m, int k, int n, Device device) {
    return new MatrixProduct(
        name(m, k, n),
        PyTorch.newScope(device),
        new Shape(m, k),
        new Shape(k, n),
        (left, right, scope) -> {
          NDArray product = left.matMul(right);
          product.attach(scope);
          return product;
        });
  }

  private static MatrixProduct oneDnn(int m, int k, int n) {
    NDManager memory = PyTorch.newScope(Device.cpu());
    PtSymbolBlock program = PyTorch.program(memory, ONEDNN);
    return new MatrixProduct(
        name(m, k, n) + ", oneDNN",
        memory,
        new Shape(m, k),
        new Shape(n, k),
        (left, right, scope) -> {
          try (IValue x = IValue.from((PtNDArray) left);
              IValue w = IValue.from((PtNDArray) right);
              IValue product = IValueUtils.runMethod(program, "forward", x, w)) {
            return product.toTensor((PtNDManager) scope);
          }
        });
  }

  /**
   * As wide as the layers of the wide encoder and of the one with many outputs, by each library of
   * the device; and a large one for a GPU, which those do not fill.
   */
  static List<MatrixProduct> all(Device device) {
    Stream<MatrixProduct> libtorch =
        Stream.of(libtorch(1024, 1152, 1152, device), libtorch(2048, 512, 512, device));
    Stream<MatrixProduct> other =
        device.isGpu()
            ? Stream.of(libtorch(GPU_SIDE, GPU_SIDE, GPU_SIDE, device))
            : Stream.of(oneDnn(1024, 1152, 1152), oneDnn(2048, 512, 512));
    return Stream.concat(libtorch, other).toList();
  }

  String name() {
    return name;
  }

  /** Floating-point operations of one product. */
  long operations() {
    return operations;
  }

  /** One product, (m, n), in the scope's memory. */
  NDArray product(NDManager scope) {
    return library.multiply(left, right, scope);
  }

  /** Seconds for a number of products. */
  double time(int calls) {
    long start = System.nanoTime();
    for (int call = 0; call < calls; call++) {
      try (NDManager scope = memory.newSubManager()) {
        NDArray product = product(scope);
        if (call == calls - 1 && memory.getDevice().isGpu()) {
          product.get(0, 0).getFloat(); // waits for all of them
        }
      }
    }
    return (System.nanoTime() - start) / 1e9;
  }

  @Override
  public void close() {
    memory.close();
  }
}
