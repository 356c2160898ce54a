package io.attribution.engine.internal.path;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import io.attribution.engine.internal.torch.PyTorch;

/**
 * The sums of a path integral in native memory. P panels of q nodes each; a panel is a part of the
 * path of one row. Safe for use by several threads.
 */
final class PathProgram implements AutoCloseable {
  private static final String TEXT =
      """
      class Kernel(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def points(self: __torch__.Kernel, base: Tensor, way: Tensor, rows: Tensor, steps: Tensor) -> Tensor:
          ways = torch.unsqueeze(torch.index_select(way, 0, rows), 1)
          moved = torch.mul(ways, torch.unsqueeze(steps, 2))
          starts = torch.unsqueeze(base, 1)
          if torch.gt(torch.size(base, 0), 1):
            starts = torch.index_select(starts, 0, rows)
          return torch.reshape(torch.add(moved, starts), [-1, torch.size(way, 1)])
        def integrate(self: __torch__.Kernel, jacobian: Tensor, weights: Tensor) -> Tensor:
          panels = torch.size(weights, 0)
          outputs = torch.size(jacobian, 1)
          inputs = torch.size(jacobian, 2)
          flat = torch.reshape(jacobian, [panels, torch.size(weights, 1), outputs * inputs])
          sums = torch.bmm(torch.unsqueeze(weights, 1), flat)
          return torch.reshape(sums, [panels, outputs, inputs])
        def along(self: __torch__.Kernel, integral: Tensor, way: Tensor, rows: Tensor) -> Tensor:
          ways = torch.unsqueeze(torch.index_select(way, 0, rows), 2)
          return torch.squeeze(torch.bmm(integral, ways), 2)
        def add(self: __torch__.Kernel, sums: Tensor, integral: Tensor, rows: Tensor, kept: Tensor) -> int:
          part = torch.index_select(integral, 0, kept)
          torch.index_add_(sums, 0, torch.index_select(rows, 0, kept), part)
          return 0
      """;

  private final PtNDManager scope;
  private final PtSymbolBlock program;

  PathProgram(Device device) {
    this.scope = (PtNDManager) PyTorch.newScope(device);
    try {
      this.program = PyTorch.program(scope, TEXT);
    } catch (RuntimeException e) {
      scope.close();
      throw e;
    }
  }

  /**
   * @param base b, (1, K) or (n, K)
   * @param way e − b, (n, K)
   * @param rows the row of each panel, (P)
   * @param steps where its nodes are between b and e, (P, q)
   * @return (P·q, K)
   */
  NDArray points(NDManager to, NDArray base, NDArray way, NDArray rows, NDArray steps) {
    return PyTorch.call(program, "points", to, base, way, rows, steps);
  }

  /**
   * @param jacobian at the points, (P·q, O, K)
   * @param weights of the nodes, (P, q)
   * @return (P, O, K)
   */
  NDArray integrate(NDManager to, NDArray jacobian, NDArray weights) {
    return PyTorch.call(program, "integrate", to, jacobian, weights);
  }

  /** What an integral (P, O, K) says that the outputs change along its panel, (P, O). */
  NDArray along(NDManager to, NDArray integral, NDArray way, NDArray rows) {
    return PyTorch.call(program, "along", to, integral, way, rows);
  }

  /**
   * Adds panels to their rows.
   *
   * @param sums (n, O, K), changed
   * @param kept which panels
   */
  void add(NDArray sums, NDArray integral, NDArray rows, NDArray kept) {
    try (IValue a = IValue.from((PtNDArray) sums);
        IValue b = IValue.from((PtNDArray) integral);
        IValue c = IValue.from((PtNDArray) rows);
        IValue d = IValue.from((PtNDArray) kept)) {
      IValueUtils.runMethod(program, "add", a, b, c, d).close();
    }
  }

  @Override
  public void close() {
    program.close();
    scope.close();
  }
}
