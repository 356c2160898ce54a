package io.attribution.benchmarks.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.attribution.benchmarks.measure.Contestant;
import io.attribution.jacobian.PyTorch;

/**
 * The machine's own rate: a float32 matrix product (m, k)·(k, n) by the library that the engines
 * use, in the same process and with the same threads.
 */
final class MatrixProduct implements Contestant, AutoCloseable {
  private final NDManager memory;
  private final NDArray left;
  private final NDArray right;
  private final long operations;

  MatrixProduct(int m, int k, int n, Device device) {
    this.memory = PyTorch.newScope(device);
    this.left = memory.randomNormal(new Shape(m, k));
    this.right = memory.randomNormal(new Shape(k, n));
    this.operations = 2L * m * k * n;
  }

  /** As wide as the wide encoder's layers. */
  static MatrixProduct large(Device device) {
    return new MatrixProduct(1024, 1152, 1152, device);
  }

  /** As wide as the layers of the encoder with many outputs. */
  static MatrixProduct medium(Device device) {
    return new MatrixProduct(2048, 512, 512, device);
  }

  @Override
  public String name() {
    return "sgemm "
        + left.getShape().get(0)
        + "×"
        + right.getShape().get(0)
        + "×"
        + right.getShape().get(1);
  }

  /** Floating-point operations of one product. */
  long operations() {
    return operations;
  }

  @Override
  public double time(int calls) {
    long start = System.nanoTime();
    for (int call = 0; call < calls; call++) {
      try (NDManager scope = memory.newSubManager()) {
        NDArray product = left.matMul(right);
        product.attach(scope);
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
