package io.attribution.engine.internal.kernel;

import io.attribution.engine.bundle.LayerSpec;
import io.attribution.engine.bundle.LayerSpec.Flatten;
import io.attribution.engine.bundle.LayerSpec.LayerNormDetached;
import io.attribution.engine.bundle.LayerSpec.LeakyRelu;
import io.attribution.engine.bundle.LayerSpec.Linear;
import io.attribution.engine.bundle.LayerSpec.Prelu;
import io.attribution.engine.bundle.LayerSpec.Relu;
import io.attribution.engine.bundle.LayerSpec.Residual;
import io.attribution.engine.bundle.Tensor;
import io.attribution.engine.internal.kernel.Element.Centre;
import io.attribution.engine.internal.kernel.Element.Dense;
import io.attribution.engine.internal.kernel.Element.Factor;
import io.attribution.engine.internal.kernel.Element.RowFactor;
import io.attribution.engine.internal.kernel.Element.Scale;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the forward pass of one tile of rows, and notes the factors of its derivative on the way.
 * The forward pass normalises with libtorch's own layer normalisation and plain weights; only the
 * derivative is folded.
 */
final class Tracer {
  private final Text text;
  private final Operands operands;
  private final Products products;
  private final int inputWidth;

  /**
   * @param inputWidth K
   */
  Tracer(Text text, Operands operands, Products products, int inputWidth) {
    this.text = text;
    this.operands = operands;
    this.products = products;
    this.inputWidth = inputWidth;
  }

  /**
   * A forward pass that was written.
   *
   * @param output the variable that holds z, (t, O)
   * @param width O
   * @param elements the factors of ∂z/∂e
   */
  record Traced(String output, int width, List<Element> elements) {}

  /**
   * @param input the variable that holds e, (t, K); it is not changed
   */
  Traced trace(List<LayerSpec> layers, String input) {
    Branch branch = new Branch(input, inputWidth, false);
    branch.run(layers);
    return new Traced(branch.current, branch.width, branch.elements);
  }

  /** Layers one after the other. */
  private final class Branch {
    private final List<Element> elements = new ArrayList<>();
    private String current;
    private int width;

    /** Whether no other step reads the current array, so that it may be overwritten. */
    private boolean owned;

    Branch(String current, int width, boolean owned) {
      this.current = current;
      this.width = width;
      this.owned = owned;
    }

    void run(List<LayerSpec> layers) {
      layers.forEach(this::layer);
    }

    private void layer(LayerSpec spec) {
      if (spec instanceof Linear linear) {
        linear(linear);
      } else if (spec instanceof Relu) {
        gate(0);
      } else if (spec instanceof LeakyRelu leaky) {
        gate(leaky.negativeSlope());
      } else if (spec instanceof Prelu prelu) {
        prelu(prelu.weight());
      } else if (spec instanceof LayerNormDetached norm) {
        normalise(norm);
      } else if (spec instanceof Residual residual) {
        residual(residual);
      } else if (!(spec instanceof Flatten)) {
        throw new IllegalArgumentException("unknown layer " + spec);
      }
    }

    private void linear(Linear linear) {
      Matrix matrix = Matrix.of(linear.weight());
      String result = text.name("h");
      text.line("%s = %s", result, products.product(current, matrix));
      linear.bias().ifPresent(bias -> text.line("torch.add_(%s, %s)", result, operands.add(bias)));
      elements.add(
          new Dense(
              matrix,
              linear
                  .bias()
                  .map(bias -> new Element.Bias(Matrix.column(bias), List.of(), List.of()))));
      become(result, matrix.outputs());
    }

    private void become(String result, int newWidth) {
      current = result;
      width = newWidth;
      owned = true;
    }

    /** libtorch's own derivative of (leaky) ReLU at 1: 1 where positive, the slope elsewhere. */
    private void gate(double slope) {
      String factor = text.name("m");
      text.line(
          "%s = torch.leaky_relu_backward(torch.expand_as(%s, %s), %s, %s, False)",
          factor, one(), current, current, Double.toString(slope));
      apply(factor);
    }

    private void prelu(Tensor slopes) {
      if (slopes.values().length == 1) {
        gate(slopes.values()[0]);
        return;
      }
      double[] rest = new double[slopes.values().length];
      for (int i = 0; i < rest.length; i++) {
        rest[i] = 1.0 - slopes.values()[i];
      }
      String positive = text.name("b");
      String factor = text.name("m");
      text.line("%s = torch.empty_like(%s)", positive, current)
          .line("torch.gt(%s, 0., out=%s)", current, positive)
          .line(
              "%s = torch.addcmul(%s, %s, %s)",
              factor, operands.add(slopes), positive, operands.add(slopes.shape(), rest));
      apply(factor);
    }

    private void apply(String factor) {
      if (owned) {
        text.line("torch.mul_(%s, %s)", current, factor);
      } else {
        String result = text.name("h");
        text.line("%s = torch.mul(%s, %s)", result, current, factor);
        become(result, width);
      }
      elements.add(new Factor(factor));
    }

    private void normalise(LayerNormDetached norm) {
      String result = text.name("h");
      String deviation = text.name("r");
      text.line(
          "%s, %s, %s = torch.native_layer_norm(%s, [%d], %s, None, %s)",
          result,
          text.name("mean"),
          deviation,
          current,
          width,
          operands.add(norm.scale()),
          Double.toString(norm.eps()));
      elements.add(new Centre());
      elements.add(new RowFactor(deviation));
      elements.add(new Scale(norm.scale()));
      become(result, width);
    }

    private void residual(Residual residual) {
      Branch inner = new Branch(current, width, false);
      inner.run(residual.layers());
      String result = text.name("h");
      text.line("%s = torch.add(%s, %s)", result, current, inner.current);
      elements.add(new Element.Residual(inner.elements));
      become(result, width);
    }
  }

  private String one() {
    return operands.add(List.of(1, 1), new double[] {1});
  }
}
