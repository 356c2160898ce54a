package io.attribution.kernel;

/**
 * Writes matrix products. oneDNN's, with weights that were laid out beforehand and the following
 * factor multiplied in while the result is still in registers, where the target has them; plain
 * ones elsewhere. oneDNN costs some 10 µs a call, which is more than a small product.
 */
final class Products {
  /** Multiply-adds below which a plain product is faster; measured, see docs/decisions/0010. */
  private static final int SMALL = 1 << 20;

  private final Operands operands;
  private final boolean oneDnn;
  private final int preferredRows;

  Products(Operands operands, KernelTarget target) {
    this.operands = operands;
    this.oneDnn = target.oneDnn();
    this.preferredRows = target.groupRows();
  }

  /** Rows from which on a product's fixed cost no longer shows. */
  int preferredRows() {
    return preferredRows;
  }

  /**
   * The expression x · matrixᵀ.
   *
   * @param x an expression, (rows, inputs)
   */
  String product(String x, Matrix matrix) {
    return call(x, matrix, "product", "");
  }

  /** The expression (x · matrixᵀ) ∘ factor; factor is an expression, (rows, outputs). */
  String productTimes(String x, Matrix matrix, String factor) {
    return call(x, matrix, "product_times", ", " + factor);
  }

  private String call(String x, Matrix matrix, String method, String factor) {
    if (!oneDnn) {
      return "self.plain_%s(%s, %s%s)".formatted(method, x, operands.add(matrix), factor);
    }
    String packed = operands.addPacked(matrix);
    int size = matrix.outputs() * matrix.inputs();
    if (size >= SMALL / 4) {
      return "self.%s(%s, %s%s)".formatted(method, x, packed, factor);
    }
    return "self.small_%s(%s, %s, %s, %d%s)"
        .formatted(method, x, operands.add(matrix), packed, SMALL / size, factor);
  }

  /** The methods that the expressions call. */
  void define(Text text) {
    text.open("def plain_product(self: __torch__.Kernel, x: Tensor, w: Tensor) -> Tensor:")
        .line("return torch.mm(x, torch.t(w))")
        .close()
        .open(
            "def plain_product_times(self: __torch__.Kernel, x: Tensor, w: Tensor, f: Tensor) ->"
                + " Tensor:")
        .line("return torch.mul_(torch.mm(x, torch.t(w)), f)")
        .close();
    if (oneDnn) {
      text.open("def pack(self: __torch__.Kernel, w: Tensor) -> Tensor:")
          .line("return ops.mkldnn._reorder_linear_weight(w)")
          .close()
          .open("def product(self: __torch__.Kernel, x: Tensor, p: Tensor) -> Tensor:")
          .line(
              "return ops.mkldnn._linear_pointwise(x, p, None, \"none\", annotate(List[Optional[number]], []), \"\")")
          .close()
          .open(
              "def product_times(self: __torch__.Kernel, x: Tensor, p: Tensor, f: Tensor) -> Tensor:")
          .line("return ops.mkldnn._linear_pointwise(x, f, p, None, \"mul\")")
          .close()
          .open(
              "def small_product(self: __torch__.Kernel, x: Tensor, w: Tensor, p: Tensor, rows: int) -> Tensor:")
          .open("if x.size(0) < rows:")
          .line("r = self.plain_product(x, w)")
          .close()
          .open("else:")
          .line("r = self.product(x, p)")
          .close()
          .line("return r")
          .close()
          .open(
              "def small_product_times(self: __torch__.Kernel, x: Tensor, w: Tensor, p: Tensor, rows: int, f: Tensor) -> Tensor:")
          .open("if x.size(0) < rows:")
          .line("r = self.plain_product_times(x, w, f)")
          .close()
          .open("else:")
          .line("r = self.product_times(x, p, f)")
          .close()
          .line("return r")
          .close();
    }
  }
}
