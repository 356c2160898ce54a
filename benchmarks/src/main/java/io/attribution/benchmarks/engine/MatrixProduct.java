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
import java.util.Optional;

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

  private final String name;
  private final long operations;
  private final NDManager memory;
  private final NDArray left;
  private final NDArray right;

  /** Without it {@code torch.mm} computes the product: MKL on a CPU, cuBLAS on a GPU. */
  private final Optional<PtSymbolBlock> oneDnn;

  private MatrixProduct(int m, int k, int n, Device device, boolean oneDnn) {
    this.name = "sgemm " + m + "×" + k + "×" + n + (oneDnn ? ", oneDNN" : "");
    this.operations = 2L * m * k * n;
    this.memory = PyTorch.newScope(device);
    this.left = memory.randomNormal(new Shape(m, k));
    this.right = memory.randomNormal(oneDnn ? new Shape(n, k) : new Shape(k, n));
    this.oneDnn = oneDnn ? Optional.of(PyTorch.program(memory, ONEDNN)) : Optional.empty();
  }

  /**
   * As wide as the layers of the wide encoder and of the one with many outputs, by each library of
   * the device; and a large one for a GPU, which those do not fill.
   */
  static List<MatrixProduct> all(Device device) {
    MatrixProduct wide = new MatrixProduct(1024, 1152, 1152, device, false);
    MatrixProduct many = new MatrixProduct(2048, 512, 512, device, false);
    return device.isGpu()
        ? List.of(wide, many, new MatrixProduct(GPU_SIDE, GPU_SIDE, GPU_SIDE, device, false))
        : List.of(
            wide,
            many,
            new MatrixProduct(1024, 1152, 1152, device, true),
            new MatrixProduct(2048, 512, 512, device, true));
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
    if (oneDnn.isEmpty()) {
      NDArray product = left.matMul(right);
      product.attach(scope);
      return product;
    }
    try (IValue x = IValue.from((PtNDArray) left);
        IValue w = IValue.from((PtNDArray) right);
        IValue product = IValueUtils.runMethod(oneDnn.get(), "forward", x, w)) {
      return product.toTensor((PtNDManager) scope);
    }
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
