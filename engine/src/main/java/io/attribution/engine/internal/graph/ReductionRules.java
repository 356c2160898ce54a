package io.attribution.engine.internal.graph;

import io.attribution.engine.bundle.EncoderGraph.Argument;
import io.attribution.engine.internal.graph.GraphDerivative.Cotangent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Of operators that put an axis together, and of norms, which need their mean over one. */
final class ReductionRules extends DerivativeRules {
  ReductionRules(GraphDerivative derivative, Expressions expressions) {
    super(derivative, expressions);
  }

  @Override
  boolean pull(Call call, Cotangent g) {
    return switch (call.name()) {
      case "mean", "sum" -> reduction(call, g);
      case "var" -> variance(call, g);
      case "linalg_vector_norm", "norm" -> vectorNorm(call, g);
      case "max", "min" -> extreme(call, g);
      case "amax", "amin" -> extremes(call, g);
      case "softmax", "_softmax", "log_softmax", "_log_softmax" -> softmax(call, g);
      case "layer_norm", "native_layer_norm" -> layerNorm(call, g);
      case "rms_norm" -> rmsNorm(call, g);
      case "group_norm" -> groupNorm(call, g);
      case "glu" -> glu(call, g);
      default -> false;
    };
  }

  private boolean reduction(Call call, Cotangent g) {
    if (call.argument("dim").isEmpty()) {
      return false;
    }
    String spread =
        derivative.variable(
            "self.spread(%s, %s, %s, %s, %s)"
                .formatted(value(g), x(call, "self"), list(call, "dim"), keep(call), result(call)));
    if (call.name().equals("sum")) {
      derivative.add(call.given("self"), new Cotangent(spread, Optional.empty()));
      return true;
    }
    return give(
        call,
        "self",
        "torch.div(%s, torch.div(torch.numel(%s), torch.numel(%s)))",
        spread,
        x(call, "self"),
        result(call));
  }

  private boolean variance(Call call, Cotangent g) {
    if (call.argument("dim").isEmpty()) {
      return false;
    }
    String correction =
        call.argument("unbiased")
            .map(u -> u.equals(new Argument.Truth(true)) ? "1" : "0")
            .orElseGet(() -> number(call, "correction", "1"));
    String x = x(call, "self");
    String dims = list(call, "dim");
    String spread =
        derivative.variable(
            "self.spread(%s, %s, %s, %s, %s)"
                .formatted(value(g), x, dims, keep(call), result(call)));
    String centred =
        derivative.variable("torch.sub(%s, torch.mean(%s, %s, True))".formatted(x, x, dims));
    String count =
        "torch.div(torch.numel(%s), torch.numel(%s)) - %s".formatted(x, result(call), correction);
    return give(
        call, "self", "torch.mul(%s, torch.mul(%s, torch.div(2, %s)))", spread, centred, count);
  }

  private boolean vectorNorm(Call call, Cotangent g) {
    String order = call.name().equals("norm") ? "p" : "ord";
    double power = call.argument(order).map(DerivativeRules::real).orElse(2.0);
    boolean known = power == 1 || power == 2;
    if (!known || call.argument("dim").isEmpty() || call.argument("dtype").isPresent()) {
      return false;
    }
    String x = x(call, "self");
    return give(
        call,
        "self",
        "torch.mul(self.spread(%s, %s, %s, %s, %s), %s)",
        value(g),
        x,
        list(call, "dim"),
        keep(call),
        result(call),
        power == 1 ? "torch.sgn(" + x + ")" : "self.unit(" + x + ", " + list(call, "dim") + ")");
  }

  /** Where several are the largest each gets its share, as autograd has it. */
  private boolean extremes(Call call, Cotangent g) {
    if (call.argument("dim").isEmpty() || items(call, "dim").isEmpty()) {
      return false;
    }
    String x = x(call, "self");
    String dims = list(call, "dim");
    String taken =
        derivative.variable(
            "torch.type_as(torch.eq(%1$s, torch.%2$s(%1$s, %3$s, True)), %1$s)"
                .formatted(x, call.name(), dims));
    return give(
        call,
        "self",
        "torch.mul(self.spread(%1$s, %2$s, %3$s, %4$s, %5$s), torch.div(%6$s, torch.sum(%6$s, %3$s, True)))",
        value(g),
        x,
        dims,
        keep(call),
        result(call),
        taken);
  }

  /** max.dim and min.dim: the entry that was taken. */
  private boolean extreme(Call call, Cotangent g) {
    if (call.argument("dim").isEmpty()) {
      return false;
    }
    List<String> found =
        derivative.variables(
            2, "torch.%s(%s, %s, True)".formatted(call.name(), x(call, "self"), x(call, "dim")));
    String dim = x(call, "dim");
    return give(
        call,
        "self",
        "self.put(%s, %s, %s, %s)",
        derivative.variable(
            "self.kept(%s, [%s], %s, %s)"
                .formatted(full(call, g), dim, keep(call), x(call, "self"))),
        found.get(1),
        x(call, "self"),
        behind(call.given("dim")));
  }

  private boolean softmax(Call call, Cotangent g) {
    String dim = behind(call.given("dim"));
    String whole = full(call, g);
    String y = result(call);
    return call.name().contains("log")
        ? give(
            call,
            first(call),
            "torch.sub(%1$s, torch.mul(torch.exp(%2$s), torch.sum(%1$s, [%3$s], True)))",
            whole,
            y,
            dim)
        : give(call, first(call), "self.softmax_back(%s, %s, %s)", whole, y, dim);
  }

  private boolean layerNorm(Call call, Cotangent g) {
    if (affineDepends(call)) {
      return false;
    }
    String x = x(call, "input");
    String shape = x(call, "normalized_shape");
    List<String> parts =
        derivative.variables(
            3,
            "torch.native_layer_norm(%s, %s, None, None, %s)"
                .formatted(x, shape, number(call, "eps", "1e-05")));
    return give(
        call,
        "input",
        "self.norm_back(%s, %s, %s, %s, %s, %s)",
        full(call, g),
        x,
        shape,
        call.argument("weight").isPresent() ? x(call, "weight") : "None",
        parts.get(1),
        parts.get(2));
  }

  private boolean affineDepends(Call call) {
    return List.of("weight", "bias").stream()
        .anyMatch(name -> call.argument(name).filter(derivative::goesTo).isPresent());
  }

  private String weighted(Call call, Cotangent g) {
    String whole = full(call, g);
    return call.argument("weight").isPresent()
        ? derivative.variable("torch.mul(" + whole + ", " + x(call, "weight") + ")")
        : whole;
  }

  private static String lastAxes(int axes) {
    List<String> last = new ArrayList<>();
    for (int i = axes; i > 0; i--) {
      last.add("-" + i);
    }
    return "[" + String.join(", ", last) + "]";
  }

  private boolean rmsNorm(Call call, Cotangent g) {
    if (affineDepends(call)) {
      return false;
    }
    String x = x(call, "input");
    String axes = lastAxes(items(call, "normalized_shape").size());
    String eps = number(call, "eps", "1.1920928955078125e-07");
    String rate =
        derivative.variable(
            "torch.rsqrt(torch.add(torch.mean(torch.square(%s), %s, True), %s))"
                .formatted(x, axes, eps));
    String unit = derivative.variable("torch.mul(" + x + ", " + rate + ")");
    return give(
        call, "input", "self.rms_back(%s, %s, %s, %s)", weighted(call, g), unit, rate, axes);
  }

  private boolean groupNorm(Call call, Cotangent g) {
    if (affineDepends(call)) {
      return false;
    }
    String x = x(call, "input");
    String whole = full(call, g);
    String given =
        call.argument("weight").isPresent()
            ? derivative.variable(
                "torch.mul(%s, self.along(%s, %s))".formatted(whole, x(call, "weight"), x))
            : whole;
    return give(
        call,
        "input",
        "self.group_back(%s, %s, %s, %s)",
        given,
        x,
        x(call, "num_groups"),
        number(call, "eps", "1e-05"));
  }

  private boolean glu(Call call, Cotangent g) {
    String dim = number(call, "dim", "-1");
    List<String> halves =
        derivative.variables(2, "self.halves(%s, %s)".formatted(x(call, "self"), dim));
    String gate = derivative.variable("torch.sigmoid(" + halves.get(1) + ")");
    return give(
        call,
        "self",
        "torch.cat([torch.mul(%1$s, %2$s), torch.mul(%1$s, torch.mul(%3$s, torch.mul(%2$s, torch.rsub(%2$s, 1))))], %4$s)",
        full(call, g),
        gate,
        halves.get(0),
        behind(call, "dim", "-1"));
  }
}
