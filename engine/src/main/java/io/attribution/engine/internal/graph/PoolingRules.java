package io.attribution.engine.internal.graph;

import io.attribution.engine.bundle.EncoderGraph.Argument;
import io.attribution.engine.internal.graph.GraphDerivative.Cotangent;
import java.util.ArrayList;
import java.util.List;

/** Of pooling. */
final class PoolingRules extends DerivativeRules {
  PoolingRules(GraphDerivative derivative, Expressions expressions) {
    super(derivative, expressions);
  }

  @Override
  boolean pull(Call call, Cotangent g) {
    return switch (call.name()) {
      case "max_pool1d", "max_pool2d", "max_pool2d_with_indices" -> maxPool(call, g);
      case "avg_pool1d", "avg_pool2d" -> averagePool(call, g);
      case "adaptive_avg_pool1d", "adaptive_avg_pool2d", "_adaptive_avg_pool2d" ->
          adaptivePool(call, g);
      default -> false;
    };
  }

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
}
