package io.attribution.engine.internal.kernel;

import io.attribution.engine.bundle.LayerSpec;
import io.attribution.engine.bundle.Preprocessing;
import io.attribution.engine.internal.kernel.KernelSource.Output;
import io.attribution.engine.reduction.Reduction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns a described encoder into a program for all steps from raw features to attributions. The
 * rows of a batch go through it in tiles that stay in the processor's cache.
 */
public final class KernelCompiler {
  private final Encoder encoder;
  private final KernelTarget target;
  private final boolean intercept;
  private final Text text = new Text();
  private final Operands operands = new Operands();
  private final Products products;

  /**
   * What is compiled.
   *
   * @param layers of flat inputs, or beginning with flatten
   * @param inputs K
   * @param features D
   * @param outputs O
   * @param preprocessing from raw features to inputs
   */
  public record Encoder(
      List<LayerSpec> layers, int inputs, int features, int outputs, Preprocessing preprocessing) {}

  private KernelCompiler(Encoder encoder, KernelTarget target, boolean intercept) {
    this.intercept = intercept;
    this.encoder = encoder;
    this.target = target;
    this.products = new Products(operands, target);
  }

  /**
   * @param contributions whether C is wanted
   * @param reduction how R is made, if R is wanted
   * @param intercept whether what constants contribute is wanted
   */
  public static KernelSource compile(
      Encoder encoder,
      KernelTarget target,
      boolean contributions,
      Optional<Reduction> reduction,
      boolean intercept) {
    return new KernelCompiler(encoder, target, intercept).compile(contributions, reduction);
  }

  private KernelSource compile(boolean contributions, Optional<Reduction> reduction) {
    products.define(text);
    if (target.oneDnn()) {
      Padding.define(text);
    }
    if (!target.cpu()) {
      collect();
    }
    linearize();
    List<Output> outputs =
        new ArrayList<>(
            List.of(Output.EMBEDDING, Output.EXACT, Output.RECONSTRUCTION, Output.CHECK));
    if (contributions) {
      outputs.add(Output.CONTRIBUTIONS);
    }
    reduction.ifPresent(r -> outputs.add(Output.REDUCED));
    if (intercept) {
      outputs.add(Output.BASE);
    }
    attribute(outputs, reduction);
    String module =
        "class Kernel(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n";
    return new KernelSource(module + text, operands.all(), List.copyOf(outputs));
  }

  private void linearize() {
    text.open(
            "def linearize(self: __torch__.Kernel, e: Tensor, w: List[Tensor], z: Tensor, jacobian:"
                + " Tensor, intercept: Tensor) -> int:")
        .line("n = torch.size(e, 0)");
    Tracer.Traced traced = openTiles("e");
    text.line("torch.copy_(torch.slice(z, 0, start, end), %s)", Padding.valid(traced.output()));
    Derivative derivative = derivative(traced);
    derivative.write(new LinearizeGroups(text, products, derivative.rowFactor(), encoder.inputs()));
    closeTiles();
  }

  /** What a GPU made, to where it is wanted. */
  private void collect() {
    text.open("def collect(self: __torch__.Kernel, made: List[Tensor], out: List[Tensor]) -> int:")
        .open("for i in range(torch.len(made)):")
        .line("torch.copy_(out[i], made[i])")
        .close()
        .line("return 0")
        .close();
  }

  private void attribute(List<Output> outputs, Optional<Reduction> reduction) {
    text.open(
            "def attribute(self: __torch__.Kernel, x: Tensor, w: List[Tensor], out: List[Tensor])"
                + " -> int:")
        .line("n = torch.size(x, 0)");
    Tracer.Traced traced = openTiles("x");
    Derivative derivative = derivative(traced);
    AttributeGroups groups =
        new AttributeGroups(
            text,
            products,
            outputs,
            reduction,
            encoder.preprocessing().components().map(Matrix::of),
            encoder.features());
    groups.open(traced.output(), derivative.rowFactor());
    derivative.write(groups);
    groups.close();
    closeTiles();
  }

  private Derivative derivative(Tracer.Traced traced) {
    return new Derivative(text, operands, products, traced, encoder.inputs(), intercept);
  }

  /**
   * Opens the loop over the tiles of an array (n, …) and writes the forward pass. Tiles are as even
   * as they can be: a short last one would make the least of the products' fixed cost.
   */
  private Tracer.Traced openTiles(String array) {
    int tile = target.tileRows(widest(encoder.layers()), kept());
    text.line("count = (n + %d) // %d", tile - 1, tile).line("size = (n + count - 1) // count");
    if (target.oneDnn()) {
      // At most the tile, which is one of the sizes: no tile is left empty.
      text.line("size = self.padded(size)");
    }
    text.open("for i in range(count):")
        .line("start = i * size")
        .line("end = ops.prim.min(n, start + size)")
        .line("valid = end - start")
        .line("rows = torch.slice(%s, 0, start, end)", array);
    if (target.oneDnn()) {
      Padding.write(text);
    } else {
      text.line("t = valid");
    }
    if (target.float64()) {
      text.line("rows = torch.to(rows, 7)");
    }
    String inputs = "x".equals(array) ? preprocess() : "rows";
    text.line("e0 = %s", inputs);
    return new Tracer(text, operands, products, encoder.inputs()).trace(encoder.layers(), "e0");
  }

  private String preprocess() {
    Preprocessing preprocessing = encoder.preprocessing();
    text.line("u = rows");
    preprocessing.mean().ifPresent(m -> text.line("u = torch.sub(u, %s)", operands.add(m)));
    preprocessing.scale().ifPresent(s -> text.line("u = torch.div(u, %s)", operands.add(s)));
    return preprocessing
        .components()
        .map(components -> products.product("u", Matrix.of(components)))
        .orElse("u");
  }

  private void closeTiles() {
    text.close().line("return n").close();
  }

  /** From the inputs on all outputs are there together; from the outputs back a group of them. */
  private long kept() {
    return encoder.inputs() < encoder.outputs()
        ? (long) encoder.outputs() * Math.max(encoder.inputs(), encoder.features())
        : 0;
  }

  private int widest(List<LayerSpec> layers) {
    int widest = encoder.inputs();
    for (LayerSpec layer : layers) {
      if (layer instanceof LayerSpec.Linear linear) {
        widest = Math.max(widest, linear.weight().size(0));
      } else if (layer instanceof LayerSpec.Residual residual) {
        widest = Math.max(widest, widest(residual.layers()));
      }
    }
    return widest;
  }
}
