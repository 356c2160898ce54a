package io.attribution.engine.internal.graph;

import io.attribution.engine.bundle.EncoderGraph.Argument;
import io.attribution.engine.internal.graph.GraphDerivative.Cotangent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a cotangent goes back through each operator. Where libtorch's own derivative of a pointwise
 * operator exists it is asked, so that both agree at kinks.
 */
final class DerivativeRules {
  private static final String LAST = String.valueOf(Long.MAX_VALUE);

  private final GraphDerivative derivative;
  private final Expressions expressions;

  DerivativeRules(GraphDerivative derivative, Expressions expressions) {
    this.derivative = derivative;
    this.expressions = expressions;
  }

  /**
   * Hands the cotangent of a call's result on to its arguments.
   *
   * @return false when there is no rule
   */
  boolean pull(Call call, Cotangent g) {
    if (call.operator().isEmpty()) {
      return entry(call, g);
    }
    Optional<String> factor = factor(call);
    if (factor.isPresent()) {
      scale(call, first(call), g, factor.get());
      return true;
    }
    return switch (call.name()) {
      case "dropout",
          "feature_dropout",
          "alpha_dropout",
          "native_dropout",
          "clone",
          "contiguous",
          "alias",
          "lift_fresh_copy",
          "positive" ->
          hand(call, first(call), g);
      case "to", "_to_copy", "float", "type_as" -> cast(call, g);
      case "batch_norm",
          "native_batch_norm",
          "_native_batch_norm_legit_no_training",
          "_batch_norm_no_update" ->
          batchNorm(call, g);
      case "view",
          "reshape",
          "_unsafe_view",
          "flatten",
          "unflatten",
          "view_as",
          "reshape_as",
          "squeeze",
          "unsqueeze",
          "ravel" ->
          give(call, "self", "self.like(%s, %s, %s)", value(g), result(call), x(call, "self"));
      case "expand", "expand_as", "broadcast_to" -> onto(call, "self", value(g));
      case "permute" -> permute(call, g);
      case "transpose", "swapaxes", "swapdims", "t", "mT" -> transpose(call, g);
      case "select" -> select(call, g);
      case "slice" -> slice(call, g);
      case "narrow" -> narrow(call, g);
      case "cat", "concat", "concatenate" -> cat(call, g);
      case "stack" -> stack(call, g);
      case "constant_pad_nd" -> pad(call, g);
      case "index_select" -> indexSelect(call, g);
      case "linear", "addmm", "mm", "bmm", "matmul", "baddbmm", "mv" -> product(call, g);
      case "conv1d", "conv2d", "conv3d", "convolution" -> convolution(call, g);
      case "add", "sub", "subtract", "rsub" -> sum(call, g);
      case "mul", "multiply", "div", "divide", "true_divide" -> times(call, g);
      case "maximum", "minimum" -> larger(call, g);
      case "where" -> where(call, g);
      case "masked_fill" ->
          give(call, "self", "torch.masked_fill(%s, %s, 0)", full(call, g), x(call, "mask"));
      case "pow" -> power(call, g);
      case "mean", "sum" -> reduction(call, g);
      case "var" -> variance(call, g);
      case "linalg_vector_norm", "norm" -> vectorNorm(call, g);
      case "max", "min" -> extreme(call, g);
      case "softmax", "_softmax", "log_softmax", "_log_softmax" -> softmax(call, g);
      case "layer_norm", "native_layer_norm" -> layerNorm(call, g);
      case "rms_norm" -> rmsNorm(call, g);
      case "group_norm" -> groupNorm(call, g);
      case "scaled_dot_product_attention" -> attention(call, g);
      case "glu" -> glu(call, g);
      case "max_pool1d", "max_pool2d", "max_pool2d_with_indices" -> maxPool(call, g);
      case "avg_pool1d", "avg_pool2d" -> averagePool(call, g);
      case "adaptive_avg_pool1d", "adaptive_avg_pool2d", "_adaptive_avg_pool2d" ->
          adaptivePool(call, g);
      default -> false;
    };
  }

  // Pointwise operators of one argument: the derivative is a factor.

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

  private String number(Call call, String name, String standard) {
    return call.argument(name).map(a -> expressions.argument(call, name)).orElse(standard);
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

  // Shapes.

  private boolean cast(Call call, Cotangent g) {
    String parameter = first(call);
    return give(call, parameter, "torch.to(%s, ops.prim.dtype(%s))", value(g), x(call, parameter));
  }

  private boolean permute(Call call, Cotangent g) {
    List<Integer> dims = wholes(call.given("dims"));
    Integer[] inverse = new Integer[dims.size() + 1];
    inverse[0] = 0;
    for (int i = 0; i < dims.size(); i++) {
      int from = dims.get(i) < 0 ? dims.get(i) + dims.size() : dims.get(i);
      if (from < 0 || from >= dims.size()) {
        return false;
      }
      inverse[from + 1] = i + 1;
    }
    return give(call, "self", "torch.permute(%s, %s)", value(g), List.of(inverse).toString());
  }

  private boolean transpose(Call call, Cotangent g) {
    if (call.name().equals("t") || call.name().equals("mT")) {
      // Of fewer axes than two it changes nothing, and its cotangent is no matrix.
      return give(call, "self", "torch.transpose(%s, -1, -2)", value(g));
    }
    List<String> dims = new ArrayList<>();
    for (String name :
        call.name().equals("swapaxes") ? List.of("axis0", "axis1") : List.of("dim0", "dim1")) {
      dims.add(behind(call.given(name)));
    }
    return give(call, "self", "torch.transpose(%s, %s, %s)", value(g), dims.get(0), dims.get(1));
  }

  private boolean select(Call call, Cotangent g) {
    return give(
        call,
        "self",
        "torch.select_backward(%s, %s, %s, %s)",
        full(call, g),
        sizes(call, "self", g),
        behind(call, "dim", "0"),
        x(call, "index"));
  }

  private boolean slice(Call call, Cotangent g) {
    return give(
        call,
        "self",
        "torch.slice_backward(%s, %s, %s, %s, %s, %s)",
        full(call, g),
        sizes(call, "self", g),
        behind(call, "dim", "0"),
        number(call, "start", "0"),
        number(call, "end", LAST),
        number(call, "step", "1"));
  }

  private boolean narrow(Call call, Cotangent g) {
    if (call.argument("start").filter(DerivativeRules::isNegative).isPresent()) {
      return false;
    }
    return give(
        call,
        "self",
        "torch.slice_backward(%s, %s, %s, %s, %s + %s, 1)",
        full(call, g),
        sizes(call, "self", g),
        behind(call.given("dim")),
        x(call, "start"),
        x(call, "start"),
        x(call, "length"));
  }

  private static boolean isNegative(Argument argument) {
    return !(argument instanceof Argument.Whole whole && whole.value() >= 0);
  }

  private boolean cat(Call call, Cotangent g) {
    String whole = full(call, g);
    String dim = behind(call, "dim", "0");
    String own = number(call, "dim", "0");
    String start = derivative.variable("0");
    for (Argument item : items(call, "tensors")) {
      String size =
          derivative.variable("torch.size(" + item(call, "tensors", item) + ", " + own + ")");
      if (derivative.goesTo(item)) {
        String part =
            derivative.variable(
                "torch.narrow(" + whole + ", " + dim + ", " + start + ", " + size + ")");
        derivative.add(item, new Cotangent(part, Optional.empty()));
      }
      start = derivative.variable(start + " + " + size);
    }
    return true;
  }

  private boolean stack(Call call, Cotangent g) {
    String whole = full(call, g);
    int index = 0;
    for (Argument item : items(call, "tensors")) {
      if (derivative.goesTo(item)) {
        String part =
            derivative.variable(
                "torch.select(" + whole + ", " + behind(call, "dim", "0") + ", " + index + ")");
        derivative.add(item, new Cotangent(part, Optional.empty()));
      }
      index++;
    }
    return true;
  }

  /** An entry of a tuple or of a list. */
  private boolean entry(Call call, Cotangent g) {
    if (!call.name().equals("sym.getitem")
        || !(call.given("left") instanceof Argument.Result from)
        || !(call.given("right") instanceof Argument.Whole index)) {
      return false;
    }
    Optional<Call> found = derivative.call(from.name());
    if (found.isEmpty()) {
      return false;
    }
    Call list = found.get();
    switch (list.name()) {
      case "split", "split_with_sizes", "chunk", "tensor_split" -> {
        String parts = derivative.result(list);
        String dim = number(list, "dim", "0");
        give(
            list,
            "self",
            "self.part(%s, %s, %d, %s, %s, %s)",
            full(call, g),
            parts,
            index.value(),
            x(list, "self"),
            dim,
            behind(list, "dim", "0"));
      }
      case "unbind" ->
          give(
              list,
              "self",
              "torch.select_backward(%s, %s, %s, %d)",
              full(call, g),
              sizes(list, "self", g),
              behind(list, "dim", "0"),
              index.value());
      default -> {
        if (list.operator().map(o -> o.result().kind()).orElse(null)
            != Operator.Result.Kind.TUPLE) {
          return false;
        }
        derivative.add(GraphDerivative.entry(from.name(), index.value()), g);
      }
    }
    return true;
  }

  private boolean pad(Call call, Cotangent g) {
    List<String> negative = new ArrayList<>();
    for (Argument size : items(call, "pad")) {
      negative.add("torch.neg(" + item(call, "pad", size) + ")");
    }
    return give(
        call,
        "self",
        "torch.constant_pad_nd(%s, [%s])",
        full(call, g),
        String.join(", ", negative));
  }

  private boolean indexSelect(Call call, Cotangent g) {
    return give(
        call,
        "self",
        "torch.index_add(torch.new_zeros(%s, %s), %s, %s, %s)",
        g.value(),
        sizes(call, "self", g),
        behind(call.given("dim")),
        x(call, "index"),
        full(call, g));
  }

  // Products.

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

  // Arithmetic.

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
    Optional<Argument> exponent = call.argument("exponent");
    boolean number =
        exponent.isPresent()
            && (exponent.get() instanceof Argument.Whole
                || exponent.get() instanceof Argument.Real);
    if (!number || !goesTo(call, "self")) {
      return false;
    }
    double power =
        exponent.get() instanceof Argument.Whole whole
            ? whole.value()
            : ((Argument.Real) exponent.get()).value();
    String text = Expressions.real(power);
    scale(
        call,
        "self",
        g,
        "torch.mul(torch.pow(%s, %s), %s)"
            .formatted(x(call, "self"), Expressions.real(power - 1), text));
    return true;
  }

  // Reductions.

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
    boolean two =
        call.argument(order)
            .map(o -> o.equals(new Argument.Whole(2)) || o.equals(new Argument.Real(2)))
            .orElse(true);
    if (!two || call.argument("dim").isEmpty() || call.argument("dtype").isPresent()) {
      return false;
    }
    return give(
        call,
        "self",
        "torch.mul(self.spread(%1$s, %2$s, %3$s, %4$s, %5$s), self.unit(%2$s, %3$s))",
        value(g),
        x(call, "self"),
        list(call, "dim"),
        keep(call),
        result(call));
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

  // Norms.

  private boolean layerNorm(Call call, Cotangent g) {
    String x = x(call, "input");
    String shape = x(call, "normalized_shape");
    int axes = items(call, "normalized_shape").size();
    if (affineDepends(call)) {
      return false;
    }
    List<String> parts =
        derivative.variables(
            3,
            "torch.native_layer_norm(%s, %s, None, None, %s)"
                .formatted(x, shape, number(call, "eps", "1e-05")));
    return give(
        call,
        "input",
        "self.norm_back(%s, %s, %s, %s)",
        weighted(call, g),
        parts.get(0),
        parts.get(2),
        lastAxes(axes));
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

  private static boolean isFalse(Argument argument) {
    return argument.equals(new Argument.Truth(false));
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

  // Pooling.

  private boolean maxPool(Call call, Cotangent g) {
    boolean flat = call.name().equals("max_pool1d");
    String name = flat ? "max_pool1d_with_indices" : "max_pool2d_with_indices";
    List<String> arguments = new ArrayList<>(List.of(x(call, "self")));
    String axes = flat ? "1" : "2";
    arguments.add(x(call, "kernel_size"));
    arguments.add(number(call, "stride", "annotate(List[int], [])"));
    arguments.add(number(call, "padding", "[0]"));
    arguments.add(number(call, "dilation", "[1]"));
    arguments.add(number(call, "ceil_mode", "False"));
    List<String> found =
        derivative.variables(2, "torch." + name + "(" + String.join(", ", arguments) + ")");
    return give(
        call,
        "self",
        "self.unpool(%s, %s, %s, %s)",
        full(call, g),
        found.get(1),
        x(call, "self"),
        axes);
  }

  private boolean averagePool(Call call, Cotangent g) {
    boolean flat = call.name().equals("avg_pool1d");
    String kernel = sizes(call, "kernel_size", 2, "");
    String back =
        "self.average_back(%s, %s, %s, %s, %s, %s, %s, %s)"
            .formatted(
                wide(full(call, g), flat),
                wide(x(call, "self"), flat),
                kernel,
                isEmptyList(call, "stride") ? kernel : sizes(call, "stride", 2, kernel),
                sizes(call, "padding", 2, "[0, 0]"),
                number(call, "ceil_mode", "False"),
                number(call, "count_include_pad", "True"),
                number(call, "divisor_override", "None"));
    return give(call, "self", "%s", narrow(back, flat));
  }

  /** One axis as the last of two. */
  private static String wide(String array, boolean flat) {
    return flat ? "torch.unsqueeze(" + array + ", -2)" : array;
  }

  private static String narrow(String array, boolean flat) {
    return flat ? "torch.squeeze(" + array + ", -2)" : array;
  }

  /**
   * A size for each axis, of which a single number may stand for all.
   *
   * @param axes how many; what the operator has fewer of comes first, as if it were none
   */
  private String sizes(Call call, String parameter, int axes, String standard) {
    if (call.argument(parameter).isEmpty()) {
      return standard;
    }
    List<String> sizes = new ArrayList<>();
    for (Argument item : items(call, parameter)) {
      sizes.add(item(call, parameter, item));
    }
    boolean flat = call.name().endsWith("1d");
    while (sizes.size() < axes) {
      sizes.add(0, flat ? parameter.equals("padding") ? "0" : "1" : sizes.get(0));
    }
    return "[" + String.join(", ", sizes) + "]";
  }

  private static boolean isEmptyList(Call call, String name) {
    return call.argument(name).orElse(null) instanceof Argument.Items list
        && list.items().isEmpty();
  }

  private boolean adaptivePool(Call call, Cotangent g) {
    boolean flat = call.name().endsWith("1d");
    String back =
        "self.adaptive_back(%s, %s)"
            .formatted(wide(full(call, g), flat), wide(x(call, "self"), flat));
    return give(call, "self", "%s", narrow(back, flat));
  }

  // What the rules share.

  private static String first(Call call) {
    return call.operator().orElseThrow().parameters().get(0).name();
  }

  private boolean goesTo(Call call, String parameter) {
    return call.argument(parameter).filter(derivative::goesTo).isPresent();
  }

  private boolean hand(Call call, String parameter, Cotangent g) {
    derivative.add(call.given(parameter), g);
    return true;
  }

  private boolean give(Call call, String parameter, String format, Object... arguments) {
    if (goesTo(call, parameter)) {
      String value = derivative.variable(String.format(Locale.ROOT, format, arguments));
      derivative.add(call.given(parameter), new Cotangent(value, Optional.empty()));
    }
    return true;
  }

  /** To an argument that was broadcast. */
  private boolean onto(Call call, String parameter, String value) {
    return give(
        call, parameter, "self.reduced(%s, %s, %s)", value, result(call), x(call, parameter));
  }

  private String x(Call call, String parameter) {
    return expressions.argument(call, parameter);
  }

  private String result(Call call) {
    return derivative.result(call);
  }

  private String value(Cotangent g) {
    return derivative.value(g);
  }

  /** With the shape of the call's result. */
  private String full(Call call, Cotangent g) {
    return derivative.variable("self.full(" + value(g) + ", " + result(call) + ")");
  }

  /** The shape of an argument's cotangent. */
  private String sizes(Call call, String parameter, Cotangent g) {
    return "torch.add([torch.size(" + g.value() + ", 0)], torch.size(" + x(call, parameter) + "))";
  }

  private List<Argument> items(Call call, String parameter) {
    Argument argument = call.given(parameter);
    return argument instanceof Argument.Items list ? list.items() : List.of(argument);
  }

  private String item(Call call, String parameter, Argument item) {
    return expressions.item(call, call.parameter(parameter), item);
  }

  private String list(Call call, String parameter) {
    return items(call, parameter).stream()
        .map(item -> item(call, parameter, item))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private String keep(Call call) {
    return number(call, "keepdim", "False");
  }

  private static List<Integer> wholes(Argument argument) {
    List<Integer> all = new ArrayList<>();
    if (argument instanceof Argument.Items list) {
      for (Argument item : list.items()) {
        all.add(item instanceof Argument.Whole whole ? (int) whole.value() : Integer.MIN_VALUE);
      }
    }
    return all;
  }

  private String behind(Call call, String parameter, String standard) {
    return call.argument(parameter)
        .map(this::behind)
        .orElseGet(
            () -> standard.startsWith("-") ? standard : standard.equals("0") ? "1" : standard);
  }

  /** An axis behind the one of the outputs. */
  private String behind(Argument dim) {
    long axis = dim instanceof Argument.Whole whole ? whole.value() : Long.MIN_VALUE;
    return Long.toString(axis < 0 ? axis : axis + 1);
  }
}
