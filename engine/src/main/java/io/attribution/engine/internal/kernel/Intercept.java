package io.attribution.engine.internal.kernel;

import io.attribution.engine.internal.kernel.Element.Bias;
import io.attribution.engine.internal.kernel.Element.Centre;
import io.attribution.engine.internal.kernel.Element.Dense;
import io.attribution.engine.internal.kernel.Element.Factor;
import io.attribution.engine.internal.kernel.Element.Residual;
import io.attribution.engine.internal.kernel.Element.RowFactor;
import io.attribution.engine.internal.kernel.Element.Scale;
import java.util.List;
import java.util.Optional;

/**
 * Writes what the encoder's constants contribute to the outputs. On the way back every cotangent
 * that passes a constant is multiplied by it, at the price of one product with a vector; on the way
 * forward the constants go through the chain as one more tangent.
 */
final class Intercept {
  private final Text text;
  private final Operands operands;
  private final Products products;
  private final boolean wanted;
  private Optional<String> sum = Optional.empty();

  /**
   * @param wanted writes nothing otherwise
   */
  Intercept(Text text, Operands operands, Products products, boolean wanted) {
    this.text = text;
    this.operands = operands;
    this.products = products;
    this.wanted = wanted;
  }

  /** Before a group of outputs: nothing yet. */
  void open() {
    if (wanted) {
      sum = Optional.of(text.name("k"));
      text.line("%s = torch.new_zeros(rows, [g, t])", sum.get());
    }
  }

  /** What the constants contribute to the outputs of a group, (g, t), if it is wanted. */
  Optional<String> sum() {
    return sum;
  }

  /** The last layer's constants: the cotangent there is one for the output itself. */
  void ofOutputs(Dense dense) {
    if (sum.isPresent() && dense.bias().isPresent()) {
      Bias bias = dense.bias().get();
      add(bias, "torch.slice(%s, 0, first, first + g)".formatted(column(bias)));
    }
  }

  /**
   * @param cotangent of the layer's output, (g · t, width)
   */
  void at(Dense dense, String cotangent) {
    if (sum.isPresent() && dense.bias().isPresent()) {
      Bias bias = dense.bias().get();
      add(bias, "torch.view(torch.mm(%s, %s), [g, t])".formatted(cotangent, column(bias)));
    }
  }

  private void add(Bias bias, String part) {
    String weighted = part;
    for (String factor : bias.times()) {
      weighted = "torch.mul(%s, torch.t(%s))".formatted(weighted, factor);
    }
    for (String factor : bias.over()) {
      weighted = "torch.div(%s, torch.t(%s))".formatted(weighted, factor);
    }
    text.line("torch.add_(%s, %s)", sum.orElseThrow(), weighted);
  }

  private String column(Bias bias) {
    return operands.add(bias.column());
  }

  /** Forward, once for a tile, whose outputs are one group. */
  void push(List<Element> chain) {
    if (wanted) {
      Optional<String> constants = push(chain, Optional.empty());
      sum = Optional.of(text.name("k"));
      text.line(
          "%s = %s",
          sum.get(),
          constants.map("torch.t(%s)"::formatted).orElse("torch.new_zeros(rows, [g, t])"));
    }
  }

  /**
   * @param before what constants have contributed so far, (t, width)
   */
  private Optional<String> push(List<Element> chain, Optional<String> before) {
    Optional<String> current = before;
    for (Element element : chain) {
      current = push(element, current);
    }
    return current;
  }

  private Optional<String> push(Element element, Optional<String> current) {
    if (element instanceof Dense dense) {
      Optional<String> moved = current.map(c -> assign(products.product(c, dense.matrix())));
      return dense.bias().map(bias -> plus(moved, assign(row(bias)))).or(() -> moved);
    }
    if (element instanceof Residual residual) {
      Optional<String> inner = push(residual.inner(), current);
      return inner.map(i -> plus(current, i));
    }
    return current.map(c -> assign(step(element, c)));
  }

  private String step(Element element, String c) {
    if (element instanceof Factor factor) {
      return "torch.mul(%s, %s)".formatted(c, factor.variable());
    }
    if (element instanceof RowFactor row) {
      return "torch.mul(%s, %s)".formatted(c, row.variable());
    }
    if (element instanceof Scale scale) {
      return "torch.mul(%s, %s)".formatted(c, operands.add(scale.scale()));
    }
    if (element instanceof Centre) {
      return "torch.sub(%s, torch.mean(%s, [1], True))".formatted(c, c);
    }
    throw new IllegalArgumentException("no constants pass " + element);
  }

  /** The constant for each row of the tile, (t, width). */
  private String row(Bias bias) {
    String weighted =
        "torch.expand(torch.t(%s), [t, %d])".formatted(column(bias), bias.column().outputs());
    for (String factor : bias.times()) {
      weighted = "torch.mul(%s, %s)".formatted(weighted, factor);
    }
    for (String factor : bias.over()) {
      weighted = "torch.div(%s, %s)".formatted(weighted, factor);
    }
    return weighted;
  }

  private String plus(Optional<String> a, String b) {
    return a.map(left -> assign("torch.add(%s, %s)".formatted(left, b))).orElse(b);
  }

  private String assign(String expression) {
    String result = text.name("k");
    text.line("%s = %s", result, expression);
    return result;
  }
}
