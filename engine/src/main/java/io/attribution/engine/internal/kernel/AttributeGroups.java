package io.attribution.engine.internal.kernel;

import io.attribution.engine.internal.kernel.KernelSource.Output;
import io.attribution.engine.reduction.Reduction;
import java.util.List;
import java.util.Optional;

/**
 * Writes the way from the derivative to what {@code attribute} fills: projection, contributions,
 * reduction, verification. Only the parts that are selected; C is never held for more than a group
 * of outputs of a tile unless it is itself wanted.
 */
final class AttributeGroups implements Derivative.Groups {
  private final Text text;
  private final Products products;
  private final List<Output> outputs;
  private final Optional<Reduction> reduction;
  private final Optional<Matrix> components;
  private final int features;
  private Optional<String> rowFactor = Optional.empty();
  private String standardized = "u";
  private String inputs = "e0";

  /**
   * @param components from raw features to inputs, (K, D)
   * @param features D
   */
  AttributeGroups(
      Text text,
      Products products,
      List<Output> outputs,
      Optional<Reduction> reduction,
      Optional<Matrix> components,
      int features) {
    this.text = text;
    this.products = products;
    this.outputs = outputs;
    this.reduction = reduction;
    this.components = components;
    this.features = features;
  }

  /** Before the derivative: the outputs, and where sums start. */
  void open(String z, Optional<String> rowFactor) {
    fill(Output.EMBEDDING, z);
    fill(Output.EXACT, z);
    text.line("check = torch.sum(%s, [1])", z);
    if (accumulates()) {
      // Of no group yet, and of the type that it will have.
      text.line("reduced = u");
    }
    this.rowFactor = rowFactor;
  }

  /** The row's factor goes into J, which has few columns, or where there is none, the features. */
  @Override
  public void begin(Optional<Matrix> head) {
    Copies copies = new Copies(text);
    if (makesJacobian(head)) {
      rowFactor = rowFactor.map(copies::of);
      standardized = copies.of(standardized);
      inputs = copies.of(inputs);
    } else {
      standardized =
          copies.of(
              rowFactor
                  .map(factor -> "torch.mul(%s, %s)".formatted(standardized, factor))
                  .orElse(standardized));
    }
  }

  @Override
  public void group(String derivative, Optional<Matrix> head, Optional<String> intercept) {
    intercept.ifPresent(this::takeOff);
    if (makesJacobian(head)) {
      projected(derivative, head);
    } else {
      direct(derivative, head);
    }
    text.line(
            "torch.copy_(torch.slice(%s, 1, first, first + g), %s)",
            tile(Output.RECONSTRUCTION), Padding.valid("torch.t(torch.view(sums, [g, t]))"))
        .line("torch.add_(check, torch.sum(torch.view(sums, [g, t]), [0]))");
    if (wantsContributions()) {
      publish();
    }
  }

  /** The contributions have to add up to what the constants leave of the outputs. */
  private void takeOff(String intercept) {
    String own = Padding.valid("torch.t(%s)".formatted(intercept));
    text.line("torch.copy_(torch.slice(%s, 1, first, first + g), %s)", tile(Output.BASE), own)
        .line("torch.sub_(torch.slice(%s, 1, first, first + g), %s)", tile(Output.EXACT), own)
        .line("torch.add_(check, torch.sum(%s, [0]))", intercept);
  }

  private boolean makesJacobian(Optional<Matrix> head) {
    return components.isPresent() && !foldsComponents(head);
  }

  /** Whether one product by head · components costs less than the two of them. */
  private boolean foldsComponents(Optional<Matrix> head) {
    if (head.isEmpty() || components.isEmpty()) {
      return false;
    }
    long hidden = head.get().outputs();
    long inputCount = components.get().outputs();
    return hidden * features <= hidden * inputCount + inputCount * features;
  }

  /** J first, because ẑ is defined by it, then P = J · components. */
  private void projected(String derivative, Optional<Matrix> head) {
    Matrix matrix = components.orElseThrow();
    text.line(
        "j = %s", head.map(h -> products.product(derivative, h.transposed())).orElse(derivative));
    rowFactor.ifPresent(factor -> text.line("j = torch.mul(j, %s)", all(factor)));
    text.line("sums = torch.sum(torch.mul(j, %s), [1])", all(inputs));
    if (wantsContributions()) {
      text.line("c = %s", products.productTimes("j", matrix.transposed(), all(standardized)));
    }
  }

  /** By association ẑ is also the sum of the contributions. */
  private void direct(String derivative, Optional<Matrix> head) {
    Optional<Matrix> whole =
        foldsComponents(head) ? head.map(h -> h.after(components.orElseThrow())) : head;
    text.line(
            "c = %s",
            whole
                .map(m -> products.productTimes(derivative, m.transposed(), all(standardized)))
                .orElseGet(() -> "torch.mul(%s, %s)".formatted(derivative, all(standardized))))
        .line("sums = torch.sum(c, [1])");
  }

  private void publish() {
    text.line("cube = torch.view(c, [g, t, %d])", features);
    if (outputs.contains(Output.CONTRIBUTIONS)) {
      text.line(
          "torch.copy_(torch.slice(%s, 1, first, first + g), %s)",
          tile(Output.CONTRIBUTIONS), Padding.valid("torch.permute(cube, [1, 0, 2])"));
    }
    if (components.isPresent() && !accumulates()) {
      text.line("torch.add_(check, torch.sum(cube, [0, 2]))");
    }
    if (accumulates()) {
      accumulate();
    }
    reduction.filter(Reduction.Signed.class::isInstance).ifPresent(this::signed);
  }

  /** Sums of squares. The first group's stay where its contributions were: no memory is fetched. */
  private void accumulate() {
    text.open("if g == 1:")
        .open("if first == 0:")
        .line("reduced = torch.mul_(c, c)")
        .close()
        .open("else:")
        .line("torch.addcmul_(reduced, c, c)")
        .close()
        .close()
        .open("else:")
        .line("part = torch.sum(torch.mul_(cube, cube), [0])")
        .open("if first == 0:")
        .line("reduced = part")
        .close()
        .open("else:")
        .line("torch.add_(reduced, part)")
        .close()
        .close();
  }

  private void signed(Reduction signed) {
    int target = signed.target().orElseThrow();
    text.open("if (first <= %d) and (%d < first + g):", target, target)
        .line("row = torch.select(cube, 0, %d - first)", target);
    fill(Output.REDUCED, "row");
    text.line("torch.add_(check, torch.sum(row, [1]))").close();
  }

  /** After the last group. */
  void close() {
    if (accumulates()) {
      text.line("torch.sqrt_(reduced)");
      if (reduction.orElseThrow() instanceof Reduction.Normalized) {
        text.line("total = torch.sum(reduced, [1], True)")
            .line("torch.div_(reduced, torch.add(total, torch.eq(total, 0)))");
      }
      fill(Output.REDUCED, "reduced");
      text.line("torch.add_(check, torch.sum(reduced, [1]))");
    }
    fill(Output.CHECK, "check");
  }

  /**
   * @param array (t, …)
   */
  private void fill(Output output, String array) {
    text.line("torch.copy_(%s, %s)", tile(output), Padding.valid(array));
  }

  private boolean wantsContributions() {
    return outputs.contains(Output.CONTRIBUTIONS) || reduction.isPresent();
  }

  /** Whether the reduction needs every output. */
  private boolean accumulates() {
    return reduction.isPresent() && !(reduction.get() instanceof Reduction.Signed);
  }

  private String tile(Output output) {
    return "torch.slice(out[%d], 0, start, end)".formatted(outputs.indexOf(output));
  }

  private static String all(String copies) {
    return "torch.slice(%s, 0, 0, g * t)".formatted(copies);
  }
}
