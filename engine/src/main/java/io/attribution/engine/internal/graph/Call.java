package io.attribution.engine.internal.graph;

import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.bundle.EncoderGraph.Argument;
import io.attribution.engine.bundle.EncoderGraph.Node;
import io.attribution.engine.bundle.Printable;
import io.attribution.engine.internal.graph.Operator.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A node with its operator: every argument has the name of the parameter that takes it.
 *
 * @param operator nothing for Python's operators on sizes and lists
 * @param arguments those that are given, in the order of the parameters
 * @param place where it is in model.json
 */
record Call(Node node, Optional<Operator> operator, Map<String, Argument> arguments, String place) {
  private static final List<String> PYTHON = List.of("left", "right");

  /** True draws random numbers, or takes a batch's own statistics. */
  private static final Set<String> TRAINING = Set.of("train", "training");

  /**
   * @param place where the node is in model.json, for messages
   * @throws BundleException when there is no such operator, or it takes something else
   */
  static Call of(Node node, String place) {
    if (node.operator().startsWith("sym.")) {
      return new Call(node, Optional.empty(), python(node, place), place);
    }
    Operator operator = Operators.find(node.operator()).orElseThrow(() -> unknown(node, place));
    Call call = new Call(node, Optional.of(operator), named(node, operator, place), place);
    call.requireEvaluation();
    return call;
  }

  private static BundleException unknown(Node node, String place) {
    return error(
        node,
        place,
        "is none of the "
            + Operators.all().size()
            + " operators that are run here; export the encoder in evaluation mode, after"
            + " run_decompositions(), or without it");
  }

  private static BundleException error(Node node, String place, String problem) {
    return new BundleException(
        place
            + " ("
            + Printable.excerpt(node.name())
            + "): "
            + Printable.excerpt(node.operator())
            + " "
            + problem);
  }

  BundleException error(String problem) {
    return error(node, place, problem);
  }

  private static Map<String, Argument> python(Node node, String place) {
    if (node.arguments().size() != PYTHON.size() || !node.keywords().isEmpty()) {
      throw error(node, place, "takes two arguments");
    }
    return named(node, PYTHON);
  }

  private static Map<String, Argument> named(Node node, List<String> names) {
    Map<String, Argument> arguments = new LinkedHashMap<>();
    for (int i = 0; i < node.arguments().size(); i++) {
      arguments.put(names.get(i), node.arguments().get(i));
    }
    return arguments;
  }

  private static Map<String, Argument> named(Node node, Operator operator, String place) {
    List<String> positional =
        operator.parameters().stream().filter(p -> !p.keywordOnly()).map(Parameter::name).toList();
    if (node.arguments().size() > positional.size()) {
      throw error(node, place, "takes at most " + positional.size() + " arguments by position");
    }
    Map<String, Argument> given = named(node, positional);
    node.keywords()
        .forEach(
            (name, value) -> {
              if (given.put(name, value) != null) {
                throw error(node, place, "has argument '" + name + "' twice");
              }
            });
    Map<String, Argument> arguments = new LinkedHashMap<>();
    for (Parameter parameter : operator.parameters()) {
      Argument value = given.remove(parameter.name());
      if (value != null) {
        arguments.put(parameter.name(), value);
      } else if (!parameter.optional()) {
        throw error(node, place, "lacks argument '" + parameter.name() + "'");
      }
    }
    given.keySet().stream()
        .findFirst()
        .ifPresent(
            name -> {
              throw error(node, place, "has no argument '" + Printable.excerpt(name) + "'");
            });
    return arguments;
  }

  private void requireEvaluation() {
    arguments.forEach(
        (name, value) -> {
          boolean trains =
              (TRAINING.contains(name) && value.equals(new Argument.Truth(true)))
                  || (name.equals("dropout_p") && !isZero(value));
          if (trains) {
            throw error("is called to train ('" + name + "'); export the encoder after eval()");
          }
        });
  }

  private static boolean isZero(Argument value) {
    return value.equals(new Argument.Real(0)) || value.equals(new Argument.Whole(0));
  }

  /** The operator's name without namespace and overload; with them for Python's. */
  String name() {
    return operator.map(Operator::name).orElse(node.operator());
  }

  /** The parameter that takes an argument. */
  Parameter parameter(String name) {
    return operator.orElseThrow().parameters().stream()
        .filter(p -> p.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** An argument that is given. */
  Argument given(String name) {
    Argument argument = arguments.get(name);
    if (argument == null) {
      throw error("lacks argument '" + name + "'");
    }
    return argument;
  }

  /** An argument that is given and not None. */
  Optional<Argument> argument(String name) {
    return Optional.ofNullable(arguments.get(name))
        .filter(value -> !(value instanceof Argument.Nothing));
  }

  /** The names of the results that an argument refers to, those in lists included. */
  static Stream<String> results(Argument argument) {
    if (argument instanceof Argument.Result result) {
      return Stream.of(result.name());
    }
    return argument instanceof Argument.Items items
        ? items.items().stream().flatMap(Call::results)
        : Stream.empty();
  }

  /** The names of the tensors that an argument refers to, those in lists included. */
  static Stream<String> constants(Argument argument) {
    if (argument instanceof Argument.Constant constant) {
      return Stream.of(constant.tensor());
    }
    return argument instanceof Argument.Items items
        ? items.items().stream().flatMap(Call::constants)
        : Stream.empty();
  }
}
