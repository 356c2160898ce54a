package io.attribution.engine.internal.graph;

import io.attribution.engine.bundle.EncoderGraph.Argument;
import io.attribution.engine.internal.graph.GraphDerivative.Cotangent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Of operators that work number by number. One of a single argument has a factor, which neighbours
 * multiply before they meet a cotangent. Where libtorch's own derivative exists it is asked, so
 * that both agree at kinks.
 */
final class PointwiseRules extends DerivativeRules {
  PointwiseRules(GraphDerivative derivative, Expressions expressions) {
    super(derivative, expressions);
  }

  @Override
  boolean pull(Call call, Cotangent g) {
    if (call.operator().isEmpty()) {
      return false;
    }
    Optional<String> factor = factor(call);
    if (factor.isPresent()) {
      scale(call, first(call), g, factor.get());
      return true;
    }
    return switch (call.name()) {
      case "batch_norm",
          "native_batch_norm",
          "_native_batch_norm_legit_no_training",
          "_batch_norm_no_update" ->
          batchNorm(call, g);
      case "add", "sub", "subtract", "rsub" -> sum(call, g);
      case "mul", "multiply", "div", "divide", "true_divide" -> times(call, g);
      case "maximum", "minimum" -> larger(call, g);
      case "where" -> where(call, g);
      case "masked_fill" ->
          give(call, "self", "torch.masked_fill(%s, %s, 0)", full(call, g), x(call, "mask"));
      case "pow" -> power(call, g);
      default -> false;
    };
  }

  private Optional<String> factor(Call call) {
    String x = expressions.argument(call, first(call));
    String y = result(call);
    String one = "torch.ones_like(" + x + ")";
    return Optional.ofNullable(
        switch (call.name()) {
          case "relu" -> "torch.type_as(torch.gt(" + y + ", 0), " + y + ")";
          case "leaky_relu" ->
              backward("leaky_relu", one, x, number(call, "negative_slope", "0.01"), "False");
          case "relu6" -> backward("hardtanh", one, x, "0", "6");
          case "hardtanh" ->
              backward(
                  "hardtanh", one, x, number(call, "min_val", "-1"), number(call, "max_val", "1"));
          case "elu" ->
              backward(
                  "elu",
                  one,
                  number(call, "alpha", "1"),
                  number(call, "scale", "1"),
                  number(call, "input_scale", "1"),
                  "False",
                  x);
          case "selu" ->
              backward("elu", one, "1.6732632423543772", "1.0507009873554805", "1", "False", x);
          case "celu" -> {
            String alpha = number(call, "alpha", "1.0");
            yield backward("elu", one, alpha, "1", "torch.div(1, " + alpha + ")", "False", x);
          }
          case "gelu" ->
              "torch.gelu_backward("
                  + one
                  + ", "
                  + x
                  + call.argument("approximate")
                      .map(a -> ", approximate=" + expressions.argument(call, "approximate"))
                      .orElse("")
                  + ")";
          case "silu", "hardswish", "hardsigmoid", "mish" -> backward(call.name(), one, x);
          case "softplus" ->
              backward(
                  "softplus", one, x, number(call, "beta", "1"), number(call, "threshold", "20"));
          case "softshrink", "hardshrink" ->
              backward(call.name(), one, x, number(call, "lambd", "0.5"));
          case "threshold" -> backward("threshold", one, x, x(call, "threshold"));
          case "log_sigmoid" -> "torch.sigmoid(torch.neg(" + x + "))";
          case "sigmoid", "tanh" -> backward(call.name(), one, y);
          case "exp" -> y;
          case "expm1" -> "torch.add(" + y + ", 1)";
          case "log" -> "torch.reciprocal(" + x + ")";
          case "log1p" -> "torch.reciprocal(torch.add(" + x + ", 1))";
          case "sqrt" -> "torch.div(0.5, " + y + ")";
          case "rsqrt" -> "torch.mul(torch.pow(" + y + ", 3), -0.5)";
          case "reciprocal" -> "torch.neg(torch.square(" + y + "))";
          case "square" -> "torch.mul(" + x + ", 2)";
          case "abs" -> "torch.sgn(" + x + ")";
          case "neg" -> "torch.neg(" + one + ")";
          case "sin" -> "torch.cos(" + x + ")";
          case "cos" -> "torch.neg(torch.sin(" + x + "))";
          case "erf" ->
              "torch.mul(torch.exp(torch.neg(torch.square(" + x + "))), 1.1283791670955126)";
          case "clamp", "clamp_min", "clamp_max", "clip" -> clamp(call, x);
          case "prelu", "_prelu_kernel" -> prelu(call, x);
          default -> null;
        });
  }

  private static String backward(String name, String... arguments) {
    return "torch." + name + "_backward(" + String.join(", ", arguments) + ")";
  }

  /** Inclusive at its limits, as autograd is. Limits that are tensors have no rule. */
  private @Nullable String clamp(Call call, String x) {
    List<String> inside = new ArrayList<>();
    for (String name : List.of("min", "max")) {
      Optional<Argument> limit = call.argument(name);
      if (limit.isPresent() && limit.get() instanceof Argument.Result) {
        return null;
      }
      limit.ifPresent(
          l ->
              inside.add(
                  (name.equals("min") ? "torch.ge(" : "torch.le(")
                      + x
                      + ", "
                      + expressions.argument(call, name)
                      + ")"));
    }
    String mask =
        inside.size() == 1 ? inside.get(0) : "torch.logical_and(" + String.join(", ", inside) + ")";
    return "torch.type_as(" + mask + ", " + x + ")";
  }

  private @Nullable String prelu(Call call, String x) {
    if (derivative.goesTo(call.given("weight"))) {
      return null;
    }
    String weight = x(call, "weight");
    String slopes = call.name().equals("prelu") ? "self.slopes(" + weight + ", " + x + ")" : weight;
    return "torch.where(torch.gt(" + x + ", 0), 1., " + slopes + ")";
  }

  private boolean batchNorm(Call call, Cotangent g) {
    if (call.argument("running_mean").isEmpty() || call.argument("running_var").isEmpty()) {
      return false;
    }
    String scale = "torch.rsqrt(torch.add(" + x(call, "running_var") + ", " + x(call, "eps") + "))";
    if (call.argument("weight").isPresent()) {
      scale = "torch.mul(" + x(call, "weight") + ", " + scale + ")";
    }
    scale(call, first(call), g, "self.along(" + scale + ", " + x(call, first(call)) + ")");
    return true;
  }

  private void scale(Call call, String parameter, Cotangent g, String factor) {
    String own = derivative.variable(factor);
    String all =
        g.factor().map(f -> derivative.variable("torch.mul(" + f + ", " + own + ")")).orElse(own);
    derivative.add(call.given(parameter), new Cotangent(g.value(), Optional.of(all)));
  }

  private boolean sum(Call call, Cotangent g) {
    String value = value(g);
    String scaled =
        call.argument("alpha").isEmpty()
            ? value
            : derivative.variable("torch.mul(" + value + ", " + x(call, "alpha") + ")");
    boolean reversed = call.name().equals("rsub");
    boolean minus = call.name().startsWith("sub");
    if (goesTo(call, "self")) {
      onto(call, "self", reversed ? derivative.variable("torch.neg(" + scaled + ")") : value);
    }
    if (goesTo(call, "other")) {
      String other = reversed ? value : scaled;
      onto(call, "other", minus ? derivative.variable("torch.neg(" + other + ")") : other);
    }
    return true;
  }

  private boolean times(Call call, Cotangent g) {
    if (call.argument("rounding_mode").isPresent()) {
      return false;
    }
    String value = value(g);
    boolean quotient = !call.name().startsWith("mul");
    String other = x(call, "other");
    if (goesTo(call, "self")) {
      onto(
          call,
          "self",
          derivative.variable(
              "torch." + (quotient ? "div" : "mul") + "(" + value + ", " + other + ")"));
    }
    if (goesTo(call, "other")) {
      // The derivative of a/b with respect to b is −y/b.
      String by =
          quotient ? "torch.neg(torch.div(" + result(call) + ", " + other + "))" : x(call, "self");
      onto(call, "other", derivative.variable("torch.mul(" + value + ", " + by + ")"));
    }
    return true;
  }

  /** Where both are equal each gets half, as autograd has it. */
  private boolean larger(Call call, Cotangent g) {
    String compared = call.name().equals("maximum") ? "torch.gt" : "torch.lt";
    for (List<String> pair : List.of(List.of("self", "other"), List.of("other", "self"))) {
      if (goesTo(call, pair.get(0))) {
        String own = x(call, pair.get(0));
        String other = x(call, pair.get(1));
        String share =
            "torch.add(torch.type_as(%1$s(%2$s, %3$s), %2$s), torch.type_as(torch.eq(%2$s, %3$s), %2$s), alpha=0.5)"
                .formatted(compared, own, other);
        onto(call, pair.get(0), derivative.variable("torch.mul(" + value(g) + ", " + share + ")"));
      }
    }
    return true;
  }

  private boolean where(Call call, Cotangent g) {
    if (!call.arguments().containsKey("other")) {
      return false;
    }
    String whole = full(call, g);
    String condition = x(call, "condition");
    if (goesTo(call, "self")) {
      onto(
          call,
          "self",
          derivative.variable(
              "torch.masked_fill(" + whole + ", torch.logical_not(" + condition + "), 0)"));
    }
    if (goesTo(call, "other")) {
      onto(
          call,
          "other",
          derivative.variable("torch.masked_fill(" + whole + ", " + condition + ", 0)"));
    }
    return true;
  }

  private boolean power(Call call, Cotangent g) {
    double power = call.argument("exponent").map(DerivativeRules::real).orElse(Double.NaN);
    if (Double.isNaN(power) || !goesTo(call, "self")) {
      return false;
    }
    String text = Expressions.real(power);
    scale(
        call,
        "self",
        g,
        "torch.mul(torch.pow(%s, %s), %s)"
            .formatted(x(call, "self"), Expressions.real(power - 1), text));
    return true;
  }
}
