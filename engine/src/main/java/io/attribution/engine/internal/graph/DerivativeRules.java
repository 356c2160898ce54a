package io.attribution.engine.internal.graph;

import io.attribution.engine.bundle.EncoderGraph.Argument;
import io.attribution.engine.internal.graph.GraphDerivative.Cotangent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a cotangent goes back through each operator of a kind. */
abstract class DerivativeRules {
  final GraphDerivative derivative;
  final Expressions expressions;

  DerivativeRules(GraphDerivative derivative, Expressions expressions) {
    this.derivative = derivative;
    this.expressions = expressions;
  }

  /** All of them. */
  static List<DerivativeRules> all(GraphDerivative derivative, Expressions expressions) {
    return List.of(
        new PointwiseRules(derivative, expressions),
        new ShapeRules(derivative, expressions),
        new ProductRules(derivative, expressions),
        new ReductionRules(derivative, expressions),
        new PoolingRules(derivative, expressions));
  }

  /**
   * Hands the cotangent of a call's result on to its arguments.
   *
   * @return false when there is no rule among these
   */
  abstract boolean pull(Call call, Cotangent g);

  /**
   * The same for a call that returns a list.
   *
   * @param entries what came back to entries of the list, by their place
   */
  boolean pullList(Call call, Map<Integer, Cotangent> entries) {
    return false;
  }

  String number(Call call, String name, String standard) {
    return call.argument(name).map(a -> expressions.argument(call, name)).orElse(standard);
  }

  /** A number; NaN for anything else. */
  static double real(Argument argument) {
    if (argument instanceof Argument.Whole whole) {
      return whole.value();
    }
    return argument instanceof Argument.Real real ? real.value() : Double.NaN;
  }

  static boolean isFalse(Argument argument) {
    return argument.equals(new Argument.Truth(false));
  }

  /**
   * A size for each axis, of which a single number may stand for all.
   *
   * @param axes how many; what the operator has fewer of comes first, as if it were none
   */
  String sizes(Call call, String parameter, int axes, String standard) {
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

  static String first(Call call) {
    return call.operator().orElseThrow().parameters().get(0).name();
  }

  boolean goesTo(Call call, String parameter) {
    return call.argument(parameter).filter(derivative::goesTo).isPresent();
  }

  boolean hand(Call call, String parameter, Cotangent g) {
    derivative.add(call.given(parameter), g);
    return true;
  }

  boolean give(Call call, String parameter, String format, Object... arguments) {
    if (goesTo(call, parameter)) {
      String value = derivative.variable(String.format(Locale.ROOT, format, arguments));
      derivative.add(call.given(parameter), new Cotangent(value, Optional.empty()));
    }
    return true;
  }

  /** To an argument that was broadcast. */
  boolean onto(Call call, String parameter, String value) {
    return give(
        call, parameter, "self.reduced(%s, %s, %s)", value, result(call), x(call, parameter));
  }

  String x(Call call, String parameter) {
    return expressions.argument(call, parameter);
  }

  String result(Call call) {
    return derivative.result(call);
  }

  String value(Cotangent g) {
    return derivative.value(g);
  }

  /** With the shape of the call's result. */
  String full(Call call, Cotangent g) {
    return derivative.variable("self.full(" + value(g) + ", " + result(call) + ")");
  }

  /** The shape of an argument's cotangent. */
  String sizes(Call call, String parameter, Cotangent g) {
    return "torch.add([torch.size(" + g.value() + ", 0)], torch.size(" + x(call, parameter) + "))";
  }

  List<Argument> items(Call call, String parameter) {
    Argument argument = call.given(parameter);
    return argument instanceof Argument.Items list ? list.items() : List.of(argument);
  }

  String item(Call call, String parameter, Argument item) {
    return expressions.item(call, call.parameter(parameter), item);
  }

  String list(Call call, String parameter) {
    return items(call, parameter).stream()
        .map(item -> item(call, parameter, item))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  String keep(Call call) {
    return number(call, "keepdim", "False");
  }

  static List<Integer> wholes(Argument argument) {
    List<Integer> all = new ArrayList<>();
    if (argument instanceof Argument.Items list) {
      for (Argument item : list.items()) {
        all.add(item instanceof Argument.Whole whole ? (int) whole.value() : Integer.MIN_VALUE);
      }
    }
    return all;
  }

  String behind(Call call, String parameter, String standard) {
    return call.argument(parameter)
        .map(this::behind)
        .orElseGet(
            () -> standard.startsWith("-") ? standard : standard.equals("0") ? "1" : standard);
  }

  /** An axis behind the one of the outputs. */
  String behind(Argument dim) {
    long axis = dim instanceof Argument.Whole whole ? whole.value() : Long.MIN_VALUE;
    return Long.toString(axis < 0 ? axis : axis + 1);
  }
}
