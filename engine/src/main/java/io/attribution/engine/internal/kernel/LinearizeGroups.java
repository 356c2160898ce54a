package io.attribution.engine.internal.kernel;

import java.util.Optional;

/** Writes J into the array that {@code linearize} takes. */
final class LinearizeGroups implements Derivative.Groups {
  private final Text text;
  private final Products products;
  private final Optional<String> rowFactor;
  private final int inputs;
  private Optional<String> rows = Optional.empty();

  /**
   * @param rowFactor a number per row that every derivative is multiplied by
   * @param inputs K
   */
  LinearizeGroups(Text text, Products products, Optional<String> rowFactor, int inputs) {
    this.text = text;
    this.products = products;
    this.rowFactor = rowFactor;
    this.inputs = inputs;
  }

  @Override
  public void begin(Optional<Matrix> head) {
    rows = rowFactor.map(factor -> new Copies(text).of(factor));
  }

  @Override
  public void group(String derivative, Optional<Matrix> head, Optional<String> intercept) {
    intercept.ifPresent(
        k ->
            text.line(
                "torch.copy_(torch.slice(torch.slice(intercept, 0, start, end), 1, first, first +"
                    + " g), %s)",
                Padding.valid("torch.t(%s)".formatted(k))));
    String jacobian = text.name("j");
    text.line(
        "%s = %s",
        jacobian,
        head.map(matrix -> products.product(derivative, matrix.transposed())).orElse(derivative));
    rows.ifPresent(
        factor ->
            text.line(
                "%s = torch.mul(%s, torch.slice(%s, 0, 0, g * t))", jacobian, jacobian, factor));
    text.line(
        "torch.copy_(torch.slice(torch.slice(jacobian, 0, start, end), 1, first, first + g),"
            + " %s)",
        Padding.valid(
            "torch.permute(torch.view(%s, [g, t, %d]), [1, 0, 2])".formatted(jacobian, inputs)));
  }
}
