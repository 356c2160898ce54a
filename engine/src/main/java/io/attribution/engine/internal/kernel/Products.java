package io.attribution.engine.internal.kernel;

/**
 * Writes matrix products: oneDNN's, with weights that were laid out beforehand, where the target
 * has them; plain ones elsewhere. oneDNN costs some 10 µs a call, which is more than a small
 * product.
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
    if (!oneDnn) {
      return "self.plain_product(%s, %s)".formatted(x, operands.add(matrix));
    }
    String packed = operands.addPacked(matrix);
    int size = matrix.outputs() * matrix.inputs();
    if (size >= SMALL / 4) {
      return "self.product(%s, %s)".formatted(x, packed);
    }
    return "self.small_product(%s, %s, %s, %d)"
        .formatted(x, operands.add(matrix), packed, SMALL / size);
  }

  /**
   * The expression (x · matrixᵀ) ∘ factor; factor is an expression, (rows, outputs). oneDNN could
   * multiply the factor in before the result leaves the registers, and takes a tenth longer then
   * than a product and a multiplication.
   */
  String productTimes(String x, Matrix matrix, String factor) {
    return "torch.mul_(%s, %s)".formatted(product(x, matrix), factor);
  }

  /** The methods that the expressions call. */
  void define(Text text) {
    text.open("def plain_product(self: __torch__.Kernel, x: Tensor, w: Tensor) -> Tensor:")
        .line("return torch.mm(x, torch.t(w))")
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
              "def small_product(self: __torch__.Kernel, x: Tensor, w: Tensor, p: Tensor, rows: int) -> Tensor:")
          .open("if x.size(0) < rows:")
          .line("r = self.plain_product(x, w)")
          .close()
          .open("else:")
          .line("r = self.product(x, p)")
          .close()
          .line("return r")
          .close();
    }
  }
}
