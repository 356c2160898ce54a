package io.attribution.engine.internal.projection;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import io.attribution.engine.internal.torch.PyTorch;
import java.util.List;

/**
 * Inputs of an encoder that is cut behind its columns of indices: (n, K + 2·C), the K numbers with
 * t in the place of the C indices; the row's indices; the baseline's. At t = 1 it is the row, at t
 * = 0 it has the baseline's categories. Safe for use by several threads.
 */
final class CategoricalInputs implements AutoCloseable {
  private static final String TEXT =
      """
      class Kernel(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def rows(self: __torch__.Kernel, e: Tensor, b: Tensor, columns: Tensor) -> Tensor:
          return torch.cat([torch.index_fill(e, 1, columns, 1.), self.indices(e, b, columns)], 1)
        def starts(self: __torch__.Kernel, e: Tensor, b: Tensor, columns: Tensor) -> Tensor:
          start = torch.expand(torch.index_fill(b, 1, columns, 0.), torch.size(e))
          return torch.cat([start, self.indices(e, b, columns)], 1)
        def indices(self: __torch__.Kernel, e: Tensor, b: Tensor, columns: Tensor) -> Tensor:
          base = torch.expand(torch.index_select(b, 1, columns), [torch.size(e, 0), -1])
          return torch.cat([torch.index_select(e, 1, columns), base], 1)
        def filled(self: __torch__.Kernel, u: Tensor, features: Tensor, t: Tensor) -> Tensor:
          return torch.index_fill(u, 1, features, t)
        def own(self: __torch__.Kernel, j: Tensor, columns: Tensor) -> Tensor:
          return torch.slice(j, 2, 0, torch.size(j, 2) - 2 * torch.size(columns, 0))
      """;

  private final PtNDManager scope;
  private final PtSymbolBlock program;
  private final NDArray columns;
  private final NDArray features;

  /**
   * @param device where it computes
   */
  CategoricalInputs(Categories categories, Device device) {
    this.scope = (PtNDManager) PyTorch.newScope(device);
    try {
      this.program = PyTorch.program(scope, TEXT);
    } catch (RuntimeException e) {
      scope.close();
      throw e;
    }
    this.columns = array(categories.columns());
    this.features = array(categories.features());
  }

  private NDArray array(List<Integer> places) {
    return scope.create(places.stream().mapToLong(Integer::longValue).toArray());
  }

  /**
   * @param e (n, K); its manager owns the result
   * @param b the baseline, (1, K)
   * @return where paths end, (n, K + 2·C)
   */
  NDArray rows(NDArray e, NDArray b) {
    return PyTorch.call(program, "rows", e.getManager(), e, b, columns);
  }

  /**
   * @param e (n, K); its manager owns the result
   * @param b the baseline, (1, K)
   * @return where paths start, (n, K + 2·C)
   */
  NDArray starts(NDArray e, NDArray b) {
    return PyTorch.call(program, "starts", e.getManager(), e, b, columns);
  }

  /**
   * @param u standardized features, (n, D)
   * @param t at the start of a path 0, at its end 1
   * @return what the contributions are multiplied by: u, and t for a category
   */
  NDArray standardized(NDArray u, float t) {
    NDManager manager = u.getManager();
    return PyTorch.call(program, "filled", manager, u, features, manager.create(t));
  }

  /** J of the K columns, of one that has K + 2·C. */
  NDArray own(NDArray jacobian) {
    return PyTorch.call(program, "own", jacobian.getManager(), jacobian, columns);
  }

  @Override
  public void close() {
    program.close();
    scope.close();
  }
}
