package io.attribution.engine.internal.graph;

import io.attribution.engine.bundle.EncoderGraph.Argument;
import io.attribution.engine.internal.graph.Operator.Parameter;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes the arguments of a call as TorchScript, by the types of the parameters that take them. */
final class Expressions {
  /** PyTorch's numbers for its types, c10/core/ScalarType.h. */
  private static final Map<String, Integer> NUMBER_TYPES =
      Map.of(
          "uint8",
          0,
          "int8",
          1,
          "int16",
          2,
          "int32",
          3,
          "int64",
          4,
          "float16",
          5,
          "float32",
          6,
          "float64",
          7,
          "bool",
          11,
          "bfloat16",
          15);

  private final Function<String, String> results;
  private final Function<String, String> constants;

  /**
   * @param results the expression of a node's result, by its name
   * @param constants the expression of a tensor, by its name
   */
  Expressions(Function<String, String> results, Function<String, String> constants) {
    this.results = results;
    this.constants = constants;
  }

  /** An argument by the name of its parameter. */
  String argument(Call call, String name) {
    return written(call, call.parameter(name), call.given(name));
  }

  private String written(Call call, Parameter parameter, Argument argument) {
    if (argument instanceof Argument.Items list) {
      return list(call, parameter, list);
    }
    if (parameter.isList() && !parameter.isBroadcast() && isNumber(argument)) {
      throw wrong(call, parameter, "a list");
    }
    return item(call, parameter, argument);
  }

  private static boolean isNumber(Argument argument) {
    return argument instanceof Argument.Whole || argument instanceof Argument.Real;
  }

  private String list(Call call, Parameter parameter, Argument.Items list) {
    if (!parameter.isList()) {
      throw wrong(call, parameter, parameter.type());
    }
    String items =
        list.items().stream()
            .map(item -> item(call, parameter, item))
            .collect(Collectors.joining(", ", "[", "]"));
    return annotated(parameter, items, list.items().isEmpty());
  }

  /** What a list holds is said where its entries do not. */
  static String annotated(Parameter parameter, String items, boolean isEmpty) {
    if (parameter.hasOptionalItems()) {
      return "annotate(List[Optional[Tensor]], " + items + ")";
    }
    String type = parameter.baseType().equals("SymInt") ? "int" : parameter.baseType();
    return isEmpty ? "annotate(List[" + type + "], " + items + ")" : items;
  }

  /** An entry of a list, or an argument that is none. */
  String item(Call call, Parameter parameter, Argument argument) {
    if (argument instanceof Argument.Result result) {
      return results.apply(result.name());
    }
    if (argument instanceof Argument.Constant constant) {
      return constants.apply(constant.tensor());
    }
    if (argument instanceof Argument.Nothing) {
      return "None";
    }
    return switch (parameter.baseType()) {
      case "float" -> real(call, parameter, argument);
      case "int", "SymInt" -> whole(call, parameter, argument);
      // Where a number stands in the place of a tensor, another overload takes it.
      case "Scalar", "Tensor" -> number(call, parameter, argument);
      case "bool" -> truth(call, parameter, argument);
      case "str" -> word(call, parameter, argument);
      case "ScalarType" -> numberType(call, parameter, argument);
      default ->
          throw call.error("cannot take '" + parameter.name() + "' from a bundle; leave it out");
    };
  }

  private static String real(Call call, Parameter parameter, Argument argument) {
    if (argument instanceof Argument.Whole whole) {
      return real((double) whole.value());
    }
    if (argument instanceof Argument.Real real) {
      return real(real.value());
    }
    throw wrong(call, parameter, "a number");
  }

  /** Infinity and NaN have names. */
  static String real(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    return Double.isInfinite(value) ? value > 0 ? "inf" : "torch.neg(inf)" : Double.toString(value);
  }

  private static String whole(Call call, Parameter parameter, Argument argument) {
    if (argument instanceof Argument.Whole whole) {
      return Long.toString(whole.value());
    }
    throw wrong(call, parameter, "an integer");
  }

  private static String number(Call call, Parameter parameter, Argument argument) {
    if (argument instanceof Argument.Truth truth) {
      return python(truth.value());
    }
    return argument instanceof Argument.Whole whole
        ? Long.toString(whole.value())
        : real(call, parameter, argument);
  }

  private static String truth(Call call, Parameter parameter, Argument argument) {
    if (argument instanceof Argument.Truth truth) {
      return python(truth.value());
    }
    throw wrong(call, parameter, "true or false");
  }

  private static String python(boolean value) {
    return value ? "True" : "False";
  }

  private static String word(Call call, Parameter parameter, Argument argument) {
    if (argument instanceof Argument.Word word) {
      return "\"" + word.value() + "\"";
    }
    throw wrong(call, parameter, "a word");
  }

  private static String numberType(Call call, Parameter parameter, Argument argument) {
    if (argument instanceof Argument.NumberType type) {
      return String.valueOf(NUMBER_TYPES.get(type.name()));
    }
    throw wrong(call, parameter, "{\"dtype\": …}");
  }

  private static RuntimeException wrong(Call call, Parameter parameter, String expected) {
    return call.error("takes " + expected + " as '" + parameter.name() + "'");
  }

  /** One of the two sides of Python's operators: a number or a size. */
  String side(Call call, String name) {
    Argument argument = call.given(name);
    if (argument instanceof Argument.Result result) {
      return results.apply(result.name());
    }
    if (argument instanceof Argument.Whole whole) {
      return Long.toString(whole.value());
    }
    throw call.error("takes integers and nodes");
  }
}
