package io.attribution.engine.internal.graph;

import io.attribution.engine.bundle.EncoderGraph.Argument;
import io.attribution.engine.internal.graph.GraphCompiler.Lines;
import io.attribution.engine.internal.graph.Operator.Result;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes how the cotangents of all outputs go back through a graph together: reverse mode with an
 * axis O in front of every array. What a row's operator multiplies by is computed once and not once
 * for each output, and seeds stay (O, 1, …) until something differs between rows.
 */
final class GraphDerivative {
  /**
   * What comes back to a node, (O, …) with the node's shape after it; an axis may be 1 instead.
   *
   * @param value a variable
   * @param factor what it is still to be multiplied by, of the node's shape or broadcast to it
   */
  record Cotangent(String value, Optional<String> factor) {}

  private final Map<String, Call> calls = new LinkedHashMap<>();
  private final Dependence dependence;
  private final Map<String, String> variables;
  private final List<DerivativeRules> rules;
  private final Lines lines;
  private final Map<String, List<Cotangent>> waiting = new LinkedHashMap<>();
  private int names;

  /**
   * @param variables the program's variable of every node
   * @param lines gets the derivative
   */
  GraphDerivative(
      List<Call> calls,
      Dependence dependence,
      Map<String, String> variables,
      Expressions expressions,
      Lines lines) {
    calls.forEach(call -> this.calls.put(call.node().name(), call));
    this.dependence = dependence;
    this.variables = variables;
    this.lines = lines;
    this.rules = DerivativeRules.all(this, expressions);
  }

  /**
   * Writes it.
   *
   * @param input the name of the input
   * @param output the name of the embedding, (n, O)
   * @return the variable of ∂z/∂x, (O, …) with x's shape after it
   * @throws UnknownDerivativeException when a node has an operator without a rule
   */
  String write(String input, String output) {
    String seed = variable("torch.unsqueeze(self.eye(" + variables.get(output) + "), 1)");
    add(output, new Cotangent(seed, Optional.empty()));
    List<Call> reversed = new ArrayList<>(calls.values());
    Collections.reverse(reversed);
    for (Call call : reversed) {
      pull(call);
    }
    return take(input)
        .map(this::value)
        .orElseGet(() -> variable("self.none(" + seed + ", " + variables.get(input) + ")"));
  }

  private void pull(Call call) {
    String name = call.node().name();
    Result result = dependence.of(name).result();
    boolean known;
    if (result.kind() == Result.Kind.TENSORS) {
      Map<Integer, Cotangent> entries = takeEntries(name);
      known = entries.isEmpty() || rules.stream().anyMatch(some -> some.pullList(call, entries));
    } else {
      boolean tuple = result.kind() == Result.Kind.TUPLE;
      Optional<Cotangent> cotangent = take(tuple ? entry(name, 0) : name);
      known =
          cotangent.isEmpty() || rules.stream().anyMatch(some -> some.pull(call, cotangent.get()));
      // Of a tuple only the first is derived.
      known &= !tuple || takeEntries(name).isEmpty();
    }
    if (!known) {
      throw new UnknownDerivativeException(call.node());
    }
  }

  /** What came back to the entries of a list or a tuple, by their place. */
  private Map<Integer, Cotangent> takeEntries(String name) {
    Map<Integer, Cotangent> entries = new TreeMap<>();
    String prefix = entry(name, "");
    for (String waits : List.copyOf(waiting.keySet())) {
      if (waits.startsWith(prefix)) {
        take(waits)
            .ifPresent(g -> entries.put(Integer.parseInt(waits.substring(prefix.length())), g));
      }
    }
    return entries;
  }

  /** Under what the cotangent of an entry of a tuple waits. */
  static String entry(String tuple, Object index) {
    return tuple + "#" + index;
  }

  /** The variable of a call's result, of a tuple's first. */
  String result(Call call) {
    String name = call.node().name();
    boolean tuple = dependence.of(name).result().kind() == Result.Kind.TUPLE;
    return variables.get(name) + (tuple ? "_0" : "");
  }

  /** Whether a derivative goes on to an argument. */
  boolean goesTo(Argument argument) {
    return argument instanceof Argument.Result result
        && dependence.of(result.name()).hasDerivative();
  }

  /** Whether an argument depends on the rows. */
  boolean dependsOnRows(Argument argument) {
    return dependence.on(argument) == Dependence.On.ROWS;
  }

  /** Hands a cotangent on, unless it ends there. */
  void add(Argument argument, Cotangent cotangent) {
    if (goesTo(argument) && argument instanceof Argument.Result result) {
      add(result.name(), cotangent);
    }
  }

  void add(String name, Cotangent cotangent) {
    waiting.computeIfAbsent(name, key -> new ArrayList<>()).add(cotangent);
  }

  /** The sum of what came back to a node. */
  private Optional<Cotangent> take(String name) {
    List<Cotangent> all = waiting.remove(name);
    if (all == null) {
      return Optional.empty();
    }
    if (all.size() == 1) {
      return Optional.of(all.get(0));
    }
    String sum = value(all.get(0));
    for (Cotangent next : all.subList(1, all.size())) {
      sum = variable("torch.add(" + sum + ", " + value(next) + ")");
    }
    return Optional.of(new Cotangent(sum, Optional.empty()));
  }

  /** A cotangent with its factor. */
  String value(Cotangent cotangent) {
    return cotangent
        .factor()
        .map(factor -> variable("torch.mul(" + cotangent.value() + ", " + factor + ")"))
        .orElse(cotangent.value());
  }

  /** A new variable with this value. */
  String variable(String expression) {
    String name = "g" + names++;
    lines.add(name + " = " + expression);
    return name;
  }

  /** New variables for a tuple. */
  List<String> variables(int count, String expression) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add("g" + names++);
    }
    lines.add(String.join(", ", all) + " = " + expression);
    return all;
  }
}
