package io.attribution.engine.internal.graph;

import io.attribution.engine.bundle.EncoderGraph.Argument;
import io.attribution.engine.internal.graph.Operator.Result;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What every node of a graph depends on: nothing, so that it is computed once; the number of rows
 * alone; or the rows. And whether a derivative passes through it.
 */
final class Dependence {
  /** Of these the first argument's shape counts, and not its numbers. */
  private static final Set<String> SHAPE_OF_FIRST =
      Set.of(
          "zeros_like",
          "ones_like",
          "full_like",
          "new_zeros",
          "new_ones",
          "new_full",
          "sym_size",
          "sym_numel");

  /** Of these the argument {@code other}'s shape or type counts. */
  private static final Set<String> SHAPE_OF_OTHER =
      Set.of("expand_as", "view_as", "reshape_as", "type_as");

  /** What they return is an index, a truth value, or cut off from what they are given. */
  private static final Set<String> WITHOUT_DERIVATIVE =
      Set.of(
          "detach",
          "eq",
          "ne",
          "lt",
          "le",
          "gt",
          "ge",
          "less",
          "less_equal",
          "greater",
          "greater_equal",
          "not_equal",
          "logical_and",
          "logical_or",
          "logical_not",
          "logical_xor",
          "isnan",
          "isinf",
          "isfinite",
          "isposinf",
          "isneginf",
          "isclose",
          "isin",
          "bitwise_and",
          "bitwise_or",
          "bitwise_not",
          "bitwise_xor",
          "bitwise_left_shift",
          "bitwise_right_shift",
          "__and__",
          "__or__",
          "__xor__",
          "any",
          "all",
          "argmax",
          "argmin",
          "argsort",
          "searchsorted",
          "bucketize",
          "one_hot",
          "count_nonzero");

  /** Their second result is an index. */
  private static final Set<String> WITH_INDEX =
      Set.of(
          "max",
          "min",
          "topk",
          "sort",
          "kthvalue",
          "median",
          "nanmedian",
          "mode",
          "cummax",
          "cummin",
          "max_pool1d_with_indices",
          "max_pool2d_with_indices",
          "max_pool3d_with_indices",
          "adaptive_max_pool1d",
          "adaptive_max_pool2d",
          "adaptive_max_pool3d");

  private static final Set<String> INTEGERS =
      Set.of("bool", "uint8", "int8", "int16", "int32", "int64");

  private final Map<String, Value> values = new HashMap<>();
  private final Set<String> folded = new HashSet<>();

  /** What a value depends on. */
  enum On {
    NOTHING,
    SIZES,
    ROWS
  }

  /**
   * The result of a node.
   *
   * @param hasDerivative whether its derivative with respect to the rows may be another than 0
   */
  record Value(On on, boolean hasDerivative, Result result, String operator) {}

  /**
   * @param input the name of the encoder's input
   * @param calls in the order of execution
   */
  Dependence(String input, List<Call> calls) {
    values.put(input, new Value(On.ROWS, true, new Result(Result.Kind.TENSOR, 1), ""));
    calls.forEach(call -> values.put(call.node().name(), value(call)));
    fold(calls);
  }

  Value of(String name) {
    Value value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no node " + name);
    }
    return value;
  }

  /** Whether the node is computed once for all. */
  boolean isFolded(String name) {
    return folded.contains(name);
  }

  /** What an argument depends on. */
  On on(Argument argument) {
    return Call.results(argument).map(name -> of(name).on()).max(On::compareTo).orElse(On.NOTHING);
  }

  private Value value(Call call) {
    On on = On.NOTHING;
    boolean derivative = false;
    for (Map.Entry<String, Argument> entry : call.arguments().entrySet()) {
      On part = on(entry.getValue());
      on = max(on, isShapeOnly(call, entry.getKey()) ? min(part, On.SIZES) : part);
      derivative |= Call.results(entry.getValue()).anyMatch(name -> of(name).hasDerivative());
    }
    boolean passes = derivative && on == On.ROWS && hasDerivative(call);
    return new Value(on, passes, result(call), call.name());
  }

  private static boolean isShapeOnly(Call call, String parameter) {
    return (SHAPE_OF_FIRST.contains(call.name()) && parameter.equals("self"))
        || (SHAPE_OF_OTHER.contains(call.name()) && parameter.equals("other"));
  }

  private static On max(On a, On b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private static On min(On a, On b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private boolean hasDerivative(Call call) {
    boolean integer =
        call.argument("dtype")
            .map(type -> type instanceof Argument.NumberType t && INTEGERS.contains(t.name()))
            .orElse(false);
    return !integer && !WITHOUT_DERIVATIVE.contains(call.name()) && !isIndex(call);
  }

  private boolean isIndex(Call call) {
    return call.name().equals("sym.getitem")
        && !call.given("right").equals(new Argument.Whole(0))
        && list(call).result().kind() == Result.Kind.TUPLE
        && WITH_INDEX.contains(list(call).operator());
  }

  /** What an entry is taken of. */
  private Value list(Call call) {
    if (call.given("left") instanceof Argument.Result list) {
      return of(list.name());
    }
    throw call.error("takes an entry of a node's results");
  }

  private Result result(Call call) {
    if (call.operator().isPresent()) {
      return call.operator().get().result();
    }
    boolean entry = call.name().equals("sym.getitem");
    return new Result(entry ? Result.Kind.TENSOR : Result.Kind.NUMBER, 1);
  }

  /**
   * What depends on nothing is computed once. Only tensors are handed on, so that a number or a
   * list of them that a row's node takes is computed with the rows.
   */
  private void fold(List<Call> calls) {
    calls.stream()
        .map(call -> call.node().name())
        .filter(name -> of(name).on() == On.NOTHING)
        .forEach(folded::add);
    for (int i = calls.size() - 1; i >= 0; i--) {
      Call call = calls.get(i);
      if (!folded.contains(call.node().name())) {
        call.arguments().values().stream()
            .flatMap(Call::results)
            .filter(name -> of(name).result().kind() != Result.Kind.TENSOR)
            .forEach(folded::remove);
      }
    }
  }
}
