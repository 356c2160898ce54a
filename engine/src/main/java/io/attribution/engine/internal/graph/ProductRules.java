package io.attribution.engine.internal.graph;

import io.attribution.engine.bundle.EncoderGraph.Argument;
import io.attribution.engine.internal.graph.GraphDerivative.Cotangent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Of products of matrices: linear layers, convolutions, attention. */
final class ProductRules extends DerivativeRules {
  /** The axis of the outputs in an equation of einsum. */
  private static final String OUTPUTS = "Z";

  ProductRules(GraphDerivative derivative, Expressions expressions) {
    super(derivative, expressions);
  }

  @Override
  boolean pull(Call call, Cotangent g) {
    return switch (call.name()) {
      case "linear", "addmm", "mm", "bmm", "matmul", "baddbmm", "mv" -> product(call, g);
      case "conv1d", "conv2d", "conv3d", "convolution" -> convolution(call, g);
      case "einsum" -> einsum(call, g);
      case "scaled_dot_product_attention" -> attention(call, g);
      default -> false;
    };
  }

  private boolean product(Call call, Cotangent g) {
    return switch (call.name()) {
      case "linear" ->
          !goesTo(call, "weight")
              && !goesTo(call, "bias")
              && give(call, "input", "torch.linear(%s, torch.t(%s))", value(g), x(call, "weight"));
      case "mv" ->
          !goesTo(call, "vec")
              && give(
                  call,
                  "self",
                  "torch.mul(torch.unsqueeze(%s, -1), %s)",
                  full(call, g),
                  x(call, "vec"));
      case "addmm" ->
          added(call, g) && product(call, g, "mat1", "mat2", number(call, "alpha", "1"));
      case "baddbmm" ->
          added(call, g) && product(call, g, "batch1", "batch2", number(call, "alpha", "1"));
      case "matmul" -> product(call, g, "self", "other", "1");
      default -> product(call, g, "self", "mat2", "1");
    };
  }

  /** What addmm adds. */
  private boolean added(Call call, Cotangent g) {
    return !goesTo(call, "self")
        || (call.argument("beta").isEmpty() && onto(call, "self", value(g)));
  }

  private boolean product(Call call, Cotangent g, String left, String right, String alpha) {
    String value = value(g);
    if (!alpha.equals("1")) {
      value = derivative.variable("torch.mul(" + value + ", " + alpha + ")");
    }
    if (goesTo(call, left)) {
      if (goesTo(call, right) || derivative.dependsOnRows(call.given(right))) {
        String whole = full(call, new Cotangent(value, Optional.empty()));
        give(call, left, "self.onto(self.rows(%s, %s), %s)", whole, x(call, right), x(call, left));
      } else {
        give(call, left, "self.times(%s, %s, %s)", value, x(call, right), x(call, left));
      }
    }
    if (goesTo(call, right)) {
      String whole = full(call, new Cotangent(value, Optional.empty()));
      give(
          call, right, "self.onto(self.columns(%s, %s), %s)", x(call, left), whole, x(call, right));
    }
    return true;
  }

  /** The cotangent takes the place of the result, and the other operands stay where they are. */
  private boolean einsum(Call call, Cotangent g) {
    String[] sides =
        call.given("equation") instanceof Argument.Word word
            ? word.value().replace(" ", "").split("->", -1)
            : new String[0];
    List<Argument> operands = items(call, "tensors");
    if (sides.length != 2) {
      return false;
    }
    List<String> axes = List.of(sides[0].split(",", -1));
    String whole = full(call, g);
    for (int i = 0; i < operands.size(); i++) {
      if (!derivative.goesTo(operands.get(i))) {
        continue;
      }
      String own = axes.get(i);
      List<String> given = new ArrayList<>(List.of(OUTPUTS + sides[1]));
      List<String> arrays = new ArrayList<>(List.of(whole));
      for (int k = 0; k < operands.size(); k++) {
        if (k != i) {
          given.add(axes.get(k));
          arrays.add(item(call, "tensors", operands.get(k)));
        }
      }
      // What is summed over alone would have to be spread, and a diagonal put back.
      boolean known =
          own.replace("...", "").chars().allMatch(c -> String.join("", given).indexOf(c) >= 0)
              && own.chars().filter(c -> c != '.').distinct().count()
                  == own.replace("...", "").length()
              && !String.join("", axes).contains(OUTPUTS);
      if (!known) {
        return false;
      }
      String value =
          derivative.variable(
              "self.onto(torch.einsum(\"%s->%s%s\", [%s]), %s)"
                  .formatted(
                      String.join(",", given),
                      OUTPUTS,
                      own,
                      String.join(", ", arrays),
                      item(call, "tensors", operands.get(i))));
      derivative.add(operands.get(i), new Cotangent(value, Optional.empty()));
    }
    return true;
  }

  private boolean convolution(Call call, Cotangent g) {
    if (goesTo(call, "weight") || (call.argument("bias").isPresent() && goesTo(call, "bias"))) {
      return false;
    }
    boolean general = call.name().equals("convolution");
    String weight = x(call, "weight");
    String dilation = sizes(call, "dilation", 1, "[1]");
    String padding =
        call.argument("padding").orElse(null) instanceof Argument.Word word
            ? "self.%s(%s, %s)".formatted(word.value(), weight, dilation)
            : sizes(call, "padding", 1, "[0]");
    return give(
        call,
        "input",
        "self.convolution(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        full(call, g),
        x(call, "input"),
        weight,
        sizes(call, "stride", 1, "[1]"),
        padding,
        dilation,
        general ? x(call, "transposed") : "False",
        general ? x(call, "output_padding") : "[0]",
        number(call, "groups", "1"));
  }

  private boolean attention(Call call, Cotangent g) {
    boolean causal = call.argument("is_causal").filter(c -> !isFalse(c)).isPresent();
    boolean grouped = call.argument("enable_gqa").filter(c -> !isFalse(c)).isPresent();
    boolean masked = call.argument("attn_mask").isPresent();
    if (causal || grouped || (masked && goesTo(call, "attn_mask"))) {
      return false;
    }
    String q = x(call, "query");
    String k = x(call, "key");
    String v = x(call, "value");
    String whole = full(call, g);
    String scale =
        call.argument("scale").isPresent()
            ? x(call, "scale")
            : "torch.pow(torch.size(" + q + ", -1), -0.5)";
    String scaled = derivative.variable(scale);
    String scores =
        derivative.variable(
            "torch.mul(torch.matmul(%s, torch.transpose(%s, -1, -2)), %s)".formatted(q, k, scaled));
    if (masked) {
      scores = derivative.variable("self.masked(" + scores + ", " + x(call, "attn_mask") + ")");
    }
    String share = derivative.variable("torch.softmax(" + scores + ", -1)");
    if (goesTo(call, "value")) {
      give(call, "value", "self.onto(self.columns(%s, %s), %s)", share, whole, v);
    }
    if (goesTo(call, "query") || goesTo(call, "key")) {
      String toScores =
          derivative.variable(
              "torch.mul(self.softmax_back(self.rows(%s, %s), %s, -1), %s)"
                  .formatted(whole, v, share, scaled));
      if (goesTo(call, "query")) {
        give(
            call,
            "query",
            "self.onto(self.rows(%s, torch.transpose(%s, -1, -2)), %s)",
            toScores,
            k,
            q);
      }
      if (goesTo(call, "key")) {
        give(
            call,
            "key",
            "self.onto(torch.transpose(self.columns(%s, %s), -1, -2), %s)",
            q,
            toScores,
            k);
      }
    }
    return true;
  }
}
