package io.attribution.engine.internal.graph;

import io.attribution.engine.bundle.EncoderGraph.Argument;
import io.attribution.engine.internal.graph.Operator.Parameter;
import io.attribution.engine.internal.graph.Operator.Result;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes the calls that add a constant to what depends on the rows with that constant times s. An
 * encoder that is piecewise linear with constants is homogeneous in its input and s together, so
 * that its derivative with respect to s, at 1, is what its constants contribute.
 */
final class Homogeneous {
  /** A vector of channels, so that it stands along axis 1 of an array. */
  static final String CHANNELS =
      """
        def channels(self: __torch__.Kernel, a: Tensor, x: Tensor) -> Tensor:
          shape = torch.mul([1], torch.dim(x))
          shape[1] = -1
          return torch.reshape(a, shape)
      """;

  /** Which arguments are added to the others, or put beside them. */
  private static final Map<String, List<String>> ADDED = added();

  private final Dependence dependence;
  private final Expressions expressions;
  private boolean found;

  Homogeneous(Dependence dependence, Expressions expressions) {
    this.dependence = dependence;
    this.expressions = expressions;
  }

  private static Map<String, List<String>> added() {
    Map<String, List<String>> added = new HashMap<>();
    put(added, "bias", "linear conv1d conv2d conv3d convolution conv_transpose1d");
    put(added, "bias", "conv_transpose2d conv_transpose3d bilinear layer_norm native_layer_norm");
    put(added, "bias", "group_norm native_group_norm");
    put(
        added,
        "self other",
        "add add_ sub sub_ subtract rsub where maximum minimum max min fmax fmin");
    put(added, "self", "addmm addmv addbmm baddbmm addr addcmul addcdiv");
    put(added, "tensors", "cat concat concatenate stack hstack vstack dstack column_stack");
    put(added, "min max", "clamp clamp_ clamp_min clamp_min_ clamp_max clamp_max_ clip");
    put(added, "value", "masked_fill masked_fill_");
    put(
        added,
        "self src",
        "slice_scatter select_scatter diagonal_scatter scatter scatter_add copy");
    put(added, "self src", "copy_");
    put(added, "self source", "index_add index_copy masked_scatter");
    put(added, "self values", "index_put index_put_");
    return Map.copyOf(added);
  }

  private static void put(Map<String, List<String>> added, String parameters, String operators) {
    List<String> names = List.of(parameters.split(" "));
    List.of(operators.split(" ")).forEach(operator -> added.put(operator, names));
  }

  /** Whether a constant was found. */
  boolean hasFound() {
    return found;
  }

  /** A call with its constants times s; nothing where it is written as it is. */
  Optional<String> write(Call call) {
    if (call.operator().isEmpty() || !dependence.of(call.node().name()).hasDerivative()) {
      return Optional.empty();
    }
    Optional<String> written =
        switch (call.name()) {
          case "batch_norm",
              "native_batch_norm",
              "_native_batch_norm_legit_no_training",
              "_batch_norm_no_update" ->
              batchNorm(call);
          case "relu6" -> Optional.of(upTo6("torch.relu(" + self(call) + ")"));
          case "hardtanh" ->
              Optional.of(
                  "torch.minimum(torch.maximum("
                      + self(call)
                      + ", "
                      + bound(call, "min_val", -1)
                      + "), "
                      + bound(call, "max_val", 1)
                      + ")");
          case "hardsigmoid" ->
              Optional.of(
                  "torch.div("
                      + upTo6("torch.relu(torch.add(" + self(call) + ", s, alpha=3))")
                      + ", 6.)");
          case "softshrink" -> Optional.of(softshrink(call));
          case "threshold" -> threshold(call);
          default -> withConstants(call);
        };
    found |= written.isPresent();
    return written;
  }

  private String self(Call call) {
    return expressions.argument(call, "self");
  }

  private Optional<String> withConstants(Call call) {
    Map<String, String> replaced = new HashMap<>();
    for (String name : ADDED.getOrDefault(call.name(), List.of())) {
      call.argument(name)
          .flatMap(argument -> times(call, call.parameter(name), argument))
          .ifPresent(text -> replaced.put(name, text));
    }
    // Both limits of a range are tensors, or none.
    if (call.name().startsWith("cl") && !replaced.isEmpty()) {
      for (String name : List.of("min", "max")) {
        if (call.argument(name).isPresent()) {
          replaced.putIfAbsent(name, "torch.mul(s, " + expressions.argument(call, name) + ")");
        }
      }
    }
    return replaced.isEmpty()
        ? Optional.empty()
        : Optional.of(GraphCompiler.written(call, expressions, replaced));
  }

  /** A constant times s; nothing when it is none, or 0, or too large to be multiplied. */
  private Optional<String> times(Call call, Parameter parameter, Argument argument) {
    if (argument instanceof Argument.Items list) {
      return list.items().stream().anyMatch(this::isConstant)
          ? Optional.of(list(call, parameter, list))
          : Optional.empty();
    }
    if (argument instanceof Argument.Whole || argument instanceof Argument.Real) {
      double value =
          argument instanceof Argument.Real real
              ? real.value()
              : ((Argument.Whole) argument).value();
      return value != 0 && Double.isFinite(value)
          ? Optional.of("torch.mul(s, " + Expressions.real(value) + ")")
          : Optional.empty();
    }
    return isConstant(argument)
        ? Optional.of(times(expressions.argument(call, parameter.name())))
        : Optional.empty();
  }

  private static String times(String expression) {
    return "torch.mul(" + expression + ", s)";
  }

  private String list(Call call, Parameter parameter, Argument.Items list) {
    return list.items().stream()
        .map(
            item -> {
              String text = expressions.item(call, parameter, item);
              return isConstant(item) ? times(text) : text;
            })
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /**
   * Whether it is a tensor without a derivative: of no row's numbers, or, as an embedding of a
   * column of indices, the same for all rows near this one.
   */
  private boolean isConstant(Argument argument) {
    if (argument instanceof Argument.Result result) {
      return !dependence.of(result.name()).hasDerivative()
          && dependence.of(result.name()).result().kind() == Result.Kind.TENSOR;
    }
    return argument instanceof Argument.Constant;
  }

  /** In evaluation mode a scale and a shift for every channel. */
  private Optional<String> batchNorm(Call call) {
    Optional<String> mean = given(call, "running_mean");
    Optional<String> variance = given(call, "running_var");
    if (mean.isEmpty() || variance.isEmpty()) {
      return Optional.empty();
    }
    String deviation =
        "torch.rsqrt(torch.add(" + variance.get() + ", " + expressions.argument(call, "eps") + "))";
    String scale =
        given(call, "weight").map(w -> "torch.mul(" + w + ", " + deviation + ")").orElse(deviation);
    String input =
        expressions.argument(call, call.arguments().containsKey("input") ? "input" : "self");
    String centred =
        "torch.sub(" + input + ", torch.mul(self.channels(" + mean.get() + ", " + input + "), s))";
    String scaled = "torch.mul(" + centred + ", self.channels(" + scale + ", " + input + "))";
    return Optional.of(
        given(call, "bias")
            .map(
                b ->
                    "torch.add("
                        + scaled
                        + ", torch.mul(self.channels("
                        + b
                        + ", "
                        + input
                        + "), s))")
            .orElse(scaled));
  }

  private Optional<String> given(Call call, String name) {
    return call.argument(name).map(argument -> expressions.argument(call, name));
  }

  private String bound(Call call, String name, double value) {
    return "torch.mul(s, "
        + (call.arguments().containsKey(name)
            ? expressions.argument(call, name)
            : Expressions.real(value))
        + ")";
  }

  private static String upTo6(String value) {
    return "torch.minimum(" + value + ", torch.mul(s, 6.))";
  }

  private String softshrink(Call call) {
    String bound = bound(call, "lambd", 0.5);
    return "torch.sub(torch.relu(torch.sub(%1$s, %2$s)), torch.relu(torch.neg(torch.add(%1$s, %2$s))))"
        .formatted(self(call), bound);
  }

  private Optional<String> threshold(Call call) {
    return call.argument("value")
        .map(
            value ->
                "torch.where(torch.gt(%s, %s), %s, %s)"
                    .formatted(
                        self(call),
                        expressions.argument(call, "threshold"),
                        self(call),
                        bound(call, "value", 0)));
  }
}
