package io.attribution.engine.internal.kernel;

import io.attribution.engine.internal.kernel.Element.Dense;
import io.attribution.engine.internal.kernel.Element.Residual;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes the derivative of a traced forward pass: from the outputs back to the inputs, or from the
 * inputs on to the outputs, whichever has fewer seeds. Seeds go in groups, so that a product has
 * rows enough to hide its fixed cost, and few enough to stay in the cache.
 */
final class Derivative {
  private final Text text;
  private final Operands operands;
  private final Products products;
  private final List<Element> chain;
  private final List<String> rowFactors;
  private final int inputs;
  private final int outputs;
  private final boolean intercept;

  /**
   * @param inputs K
   * @param intercept whether what constants contribute is wanted as well
   */
  Derivative(
      Text text,
      Operands operands,
      Products products,
      Tracer.Traced traced,
      int inputs,
      boolean intercept) {
    this.intercept = intercept;
    this.text = text;
    this.operands = operands;
    this.products = products;
    Folding.Folded folded = Folding.fold(traced.elements());
    this.chain = folded.elements();
    this.rowFactors = folded.rowFactors();
    this.inputs = inputs;
    this.outputs = traced.width();
  }

  /** Writes what becomes of each group of outputs. */
  interface Groups {
    /**
     * Before the first group; the program's variable {@code group} holds the largest size.
     *
     * @param head as for every group
     */
    void begin(Optional<Matrix> head);

    /**
     * One group: outputs {@code first} to {@code first + g}.
     *
     * @param derivative the variable that holds the derivative by what {@code head} puts out, or by
     *     e where there is no head; (g · t, …), rows [output, row of the tile]
     * @param head the chain's first element, not yet applied
     * @param intercept what constants contribute to these outputs, (g, t), if it is wanted
     */
    void group(String derivative, Optional<Matrix> head, Optional<String> intercept);
  }

  /** A number per row by which every derivative is to be multiplied, (t, 1), if there is one. */
  Optional<String> rowFactor() {
    return rowFactors.isEmpty()
        ? Optional.empty()
        : Optional.of(
            rowFactors.stream().reduce((a, b) -> "torch.mul(" + a + ", " + b + ")").orElseThrow());
  }

  void write(Groups groups) {
    if (inputs < outputs) {
      forward(groups);
    } else {
      backward(groups);
    }
  }

  private void backward(Groups groups) {
    boolean hasHead = chain.size() > 1 && chain.get(0) instanceof Dense;
    Intercept constants = constants(intercept);
    Pullback pullback = new Pullback(text, operands, products, constants);
    List<Element> tail = hasHead ? chain.subList(1, chain.size()) : chain;
    Optional<Matrix> head =
        hasHead ? Optional.of(((Dense) chain.get(0)).matrix()) : Optional.empty();
    openGroups(outputs, pullback, tail, () -> groups.begin(head));
    constants.open();
    String derivative = pullback.write(tail, outputs);
    if (hasHead) {
      constants.at((Dense) chain.get(0), derivative);
    }
    groups.group(derivative, head, constants.sum());
    text.close();
  }

  private Intercept constants(boolean wanted) {
    return new Intercept(text, operands, products, wanted);
  }

  private void forward(Groups groups) {
    Pullback pushforward = new Pullback(text, operands, products, constants(false));
    List<Element> turned = Pullback.transposed(chain);
    String tangents = text.name("j");
    text.line("%s = torch.new_empty(rows, [%d, t, %d])", tangents, inputs, outputs);
    openGroups(inputs, pushforward, turned, () -> {});
    String part = pushforward.write(turned, inputs);
    text.line(
            "torch.copy_(torch.slice(%s, 0, first, first + g), torch.view(%s, [g, t, %d]))",
            tangents, part, outputs)
        .close()
        .line("first = 0")
        .line("g = %d", outputs)
        .line("group = g");
    groups.begin(Optional.empty());
    String derivative = text.name("j");
    text.line(
        "%s = torch.reshape(torch.permute(%s, [2, 1, 0]), [g * t, %d])",
        derivative, tangents, inputs);
    Intercept constants = constants(intercept);
    constants.push(chain);
    groups.group(derivative, Optional.empty(), constants.sum());
  }

  private void openGroups(int seeds, Pullback pullback, List<Element> elements, Runnable begin) {
    text.line(
        "group = ops.prim.max(1, ops.prim.min(%d, (%d + t) // t))",
        seeds, products.preferredRows() - 1);
    pullback.repeatFactors(elements);
    begin.run();
    text.line("groups = (%d + group) // group", seeds - 1)
        .open("for k in range(groups):")
        .line("first = k * group")
        .line("g = ops.prim.min(group, %d - first)", seeds);
  }

  /** The chain as a person reads it, for messages and tests. */
  static String describe(List<Element> chain) {
    return chain.stream().map(Derivative::describe).collect(Collectors.joining(" "));
  }

  private static String describe(Element element) {
    if (element instanceof Dense dense) {
      return dense.matrix().outputs() + "×" + dense.matrix().inputs();
    }
    if (element instanceof Residual residual) {
      return "(1 + " + describe(residual.inner()) + ")";
    }
    return element.getClass().getSimpleName();
  }
}
