package io.attribution.engine.internal.graph;

import io.attribution.engine.bundle.EncoderGraph.Argument;
import io.attribution.engine.internal.graph.GraphDerivative.Cotangent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Of operators that move numbers and change none. */
final class ShapeRules extends DerivativeRules {
  private static final String LAST = String.valueOf(Long.MAX_VALUE);

  ShapeRules(GraphDerivative derivative, Expressions expressions) {
    super(derivative, expressions);
  }

  @Override
  boolean pull(Call call, Cotangent g) {
    if (call.operator().isEmpty()) {
      return entry(call, g);
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
      case "repeat" ->
          give(call, "self", "self.repeat_back(%s, %s)", full(call, g), x(call, "self"));
      case "permute" -> permute(call, g);
      case "transpose", "swapaxes", "swapdims", "t", "mT" -> transpose(call, g);
      case "select" -> select(call, g);
      case "slice" -> slice(call, g);
      case "narrow" -> narrow(call, g);
      case "cat", "concat", "concatenate" -> cat(call, g);
      case "stack" -> stack(call, g);
      case "constant_pad_nd" -> pad(call, g);
      case "index_select" -> indexSelect(call, g);
      default -> false;
    };
  }

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
    if (call.argument("start").filter(ShapeRules::isNegative).isPresent()) {
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
    if (index.value() < 0) {
      return false;
    }
    derivative.add(GraphDerivative.entry(from.name(), index.value()), g);
    return true;
  }

  @Override
  boolean pullList(Call call, Map<Integer, Cotangent> entries) {
    String list = derivative.result(call);
    List<String> given = new ArrayList<>();
    entries.forEach(
        (index, g) ->
            given.add(
                derivative.variable(
                    "self.full(%s, %s[%d])".formatted(derivative.value(g), list, index))));
    String put =
        switch (call.name()) {
          case "split", "split_with_sizes", "chunk", "tensor_split" -> "cat";
          case "unbind" -> "stack";
          default -> "";
        };
    return !put.isEmpty()
        && give(
            call,
            "self",
            "torch.%s(self.pieces(%s, %s, %s), %s)",
            put,
            given,
            List.copyOf(entries.keySet()),
            list,
            behind(call, "dim", "0"));
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
}
