package io.attribution.engine.internal.graph;

import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.bundle.EncoderGraph;
import io.attribution.engine.bundle.EncoderGraph.Argument;
import io.attribution.engine.bundle.EncoderGraph.Node;
import io.attribution.engine.internal.graph.Operator.Parameter;
import io.attribution.engine.internal.graph.Operator.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Turns an encoder's graph into the text of a program, a line for each node. What depends on no
 * input is computed once.
 */
public final class GraphCompiler {
  private static final String HEAD =
      "class Kernel(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n";

  /** What derivatives call. */
  private static final String HELPERS = Operators.text("derivative.txt");

  private final EncoderGraph graph;
  private final String file;
  private final List<Call> calls = new ArrayList<>();
  private final Dependence dependence;

  /** The variable of every node, and of the input. */
  private final Map<String, String> variables = new LinkedHashMap<>();

  /** Of the operands, and of what is computed once, the place in the lists that hold them. */
  private final Map<String, Integer> operands = new LinkedHashMap<>();

  private final Map<String, Integer> handedOn = new LinkedHashMap<>();

  private GraphCompiler(EncoderGraph graph, String file) {
    this.graph = graph;
    this.file = file;
    variables.put(graph.input(), "x");
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node node = graph.nodes().get(i);
      calls.add(Call.of(node, file + ": graph.nodes[" + i + "]"));
      variables.put(node.name(), "v" + i);
    }
    this.dependence = new Dependence(graph.input(), calls);
    calls.forEach(this::requireOwnMemory);
    nameResultsOfTuples();
    list();
  }

  /**
   * @param file model.json, for messages
   * @throws BundleException when it calls an operator that is not known, or with something else
   *     than it takes; names the node
   */
  public static GraphSource compile(EncoderGraph graph, String file) {
    return new GraphCompiler(graph, file).compile();
  }

  /** An operator that changes its argument must not change what is computed once for all. */
  private void requireOwnMemory(Call call) {
    boolean inPlace = call.operator().map(Operator::inPlace).orElse(false);
    if (inPlace && dependence.on(call.given("self")) == Dependence.On.NOTHING) {
      throw call.error(
          "would change a constant of the encoder in place; export it after run_decompositions()");
    }
  }

  private void nameResultsOfTuples() {
    for (Call call : calls) {
      if (isEntryOfTuple(call) && call.given("left") instanceof Argument.Result tuple) {
        int count = dependence.of(tuple.name()).result().count();
        long entry = call.given("right") instanceof Argument.Whole w ? w.value() : -1;
        if (entry < 0 || entry >= count) {
          throw call.error("takes entry 0 to " + (count - 1) + " of the results");
        }
        variables.put(call.node().name(), variables.get(tuple.name()) + "_" + entry);
      }
    }
  }

  /** Numbers what the program is given, and what its constants hand on to its other methods. */
  private void list() {
    Set<String> tensors = new LinkedHashSet<>();
    Set<String> folded = new LinkedHashSet<>();
    for (Call call : calls) {
      boolean once = dependence.isFolded(call.node().name());
      for (Argument argument : call.arguments().values()) {
        Call.constants(argument).forEach(name -> operands.putIfAbsent(name, operands.size()));
        if (!once) {
          Call.constants(argument).forEach(tensors::add);
          Call.results(argument).filter(dependence::isFolded).forEach(folded::add);
        }
      }
    }
    if (dependence.isFolded(graph.output())) {
      throw new BundleException(
          file + ": graph.output: '" + graph.output() + "' does not depend on the input");
    }
    tensors.forEach(name -> handedOn.put("tensor " + name, handedOn.size()));
    folded.forEach(name -> handedOn.put("node " + name, handedOn.size()));
  }

  private GraphSource compile() {
    if (dependence.of(graph.output()).result().kind() != Result.Kind.TENSOR) {
      throw new BundleException(
          file + ": graph.output: '" + graph.output() + "' is no tensor; name one, (n, outputs)");
    }
    String text = HEAD + constants() + forward();
    Optional<String> homogeneous = homogeneous();
    GraphSource source =
        new GraphSource(
            text,
            homogeneous.map(method -> text + method),
            Optional.empty(),
            Optional.empty(),
            List.copyOf(operands.keySet()));
    try {
      return source.withDerivative(HEAD + constants() + derivative());
    } catch (UnknownDerivativeException e) {
      return source.withoutDerivative(String.valueOf(e.getMessage()));
    }
  }

  private String constants() {
    Expressions expressions =
        new Expressions(variables::get, name -> "w[" + operands.get(name) + "]");
    Lines lines = new Lines();
    lines.open(
        "def constants(self: __torch__.Kernel, w: List[Tensor], s: Tensor) -> List[Tensor]:");
    lines.add("device = ops.prim.device(s)");
    calls.stream()
        .filter(call -> dependence.isFolded(call.node().name()))
        .forEach(call -> write(call, expressions, lines));
    List<String> results = new ArrayList<>();
    handedOn
        .keySet()
        .forEach(
            key ->
                results.add(
                    key.startsWith("node ")
                        ? variables.get(key.substring("node ".length()))
                        : "w[" + operands.get(key.substring("tensor ".length())) + "]"));
    // DJL cannot hand over a list without entries.
    lines.add("return " + (results.isEmpty() ? List.of("s") : results));
    return lines.close();
  }

  private String forward() {
    Lines lines = new Lines();
    lines.open("def forward(self: __torch__.Kernel, x: Tensor, c: List[Tensor]) -> Tensor:");
    body(lines, call -> Optional.empty());
    return lines.close();
  }

  /** The methods that compute z and J. */
  private String derivative() {
    List<Call> own = new InPlace(dependence).removed(calls);
    Lines widest = new Lines();
    widest.open("def widest(self: __torch__.Kernel, x: Tensor, c: List[Tensor]) -> int:");
    widest.add("most = torch.numel(x)");
    Lines tile = new Lines();
    tile.open(
        "def tile(self: __torch__.Kernel, x: Tensor, c: List[Tensor]) -> Tuple[Tensor, Tensor]:");
    for (Lines lines : List.of(widest, tile)) {
      lines.add("device = ops.prim.device(x)");
      own.stream()
          .filter(call -> !dependence.isFolded(call.node().name()))
          .forEach(
              call -> {
                write(call, expressions(), lines);
                Result result = dependence.of(call.node().name()).result();
                if (lines == widest && result.kind() == Result.Kind.TENSOR) {
                  String variable = variables.get(call.node().name());
                  lines.add("most = ops.prim.max(most, torch.numel(" + variable + "))");
                }
              });
    }
    widest.add("return most");
    GraphDerivative derivative =
        new GraphDerivative(
            own.stream().filter(call -> !dependence.isFolded(call.node().name())).toList(),
            dependence,
            variables,
            expressions(),
            tile);
    String g = derivative.write(graph.input(), graph.output());
    tile.add(
        "return ("
            + variables.get(graph.output())
            + ", torch.reshape(self.full("
            + g
            + ", x), [torch.size("
            + g
            + ", 0), torch.size(x, 0), -1]))");
    return widest.close() + HELPERS + tile.close();
  }

  /** Nothing where no constant is added. */
  private Optional<String> homogeneous() {
    Homogeneous constants = new Homogeneous(dependence, expressions());
    Lines lines = new Lines();
    lines.open(
        "def homogeneous(self: __torch__.Kernel, x: Tensor, c: List[Tensor], s: Tensor) -> Tensor:");
    body(lines, constants::write);
    return constants.hasFound()
        ? Optional.of(lines.close() + Homogeneous.CHANNELS)
        : Optional.empty();
  }

  private Expressions expressions() {
    return new Expressions(
        name ->
            dependence.isFolded(name)
                ? "c[" + handedOn.get("node " + name) + "]"
                : String.valueOf(variables.get(name)),
        name -> "c[" + handedOn.get("tensor " + name) + "]");
  }

  /**
   * Writes what depends on the rows or on their number.
   *
   * @param other how a call is written in another way: the right-hand side of its assignment
   */
  private void body(Lines lines, Function<Call, Optional<String>> other) {
    Expressions expressions = expressions();
    lines.add("device = ops.prim.device(x)");
    for (Call call : calls) {
      if (dependence.isFolded(call.node().name())) {
        continue;
      }
      Optional<String> written = other.apply(call);
      if (written.isPresent()) {
        lines.add(results(call, written.get()) + " = " + written.get());
      } else {
        write(call, expressions, lines);
      }
    }
    lines.add("return " + variables.get(graph.output()));
  }

  /** Another operator in the place of one that returns a tuple returns its first tensor. */
  private String results(Call call, String written) {
    String variable = String.valueOf(variables.get(call.node().name()));
    if (!isTuple(call)) {
      return variable;
    }
    return written.startsWith("torch." + call.name() + "(")
        ? IntStream.range(0, dependence.of(call.node().name()).result().count())
            .mapToObj(i -> variable + "_" + i)
            .collect(Collectors.joining(", "))
        : variable + "_0";
  }

  private boolean isTuple(Call call) {
    return dependence.of(call.node().name()).result().kind() == Result.Kind.TUPLE;
  }

  private void write(Call call, Expressions expressions, Lines lines) {
    if (call.operator().isPresent()) {
      String text = written(call, expressions, Map.of());
      lines.add(results(call, text) + " = " + text);
    } else if (!isEntryOfTuple(call)) {
      lines.add(variables.get(call.node().name()) + " = " + python(call, expressions));
    }
  }

  /** It is a variable already. */
  private boolean isEntryOfTuple(Call call) {
    return call.name().equals("sym.getitem")
        && call.given("left") instanceof Argument.Result list
        && dependence.of(list.name()).result().kind() == Result.Kind.TUPLE;
  }

  private static String python(Call call, Expressions expressions) {
    String left = expressions.side(call, "left");
    String right = expressions.side(call, "right");
    return switch (call.name()) {
      case "sym.getitem" -> left + "[" + right + "]";
      case "sym.add" -> left + " + " + right;
      case "sym.sub" -> left + " - (" + right + ")";
      case "sym.mul" -> left + " * " + right;
      default -> left + " // " + right;
    };
  }

  /**
   * A call as text.
   *
   * @param replaced arguments that are written otherwise, by their parameter
   */
  static String written(Call call, Expressions expressions, Map<String, String> replaced) {
    Operator operator = call.operator().orElseThrow();
    List<String> arguments = new ArrayList<>();
    boolean positional = true;
    for (Parameter parameter : operator.parameters()) {
      String name = parameter.name();
      if (!call.arguments().containsKey(name)) {
        positional = false;
        continue;
      }
      String value =
          replaced.containsKey(name) ? replaced.get(name) : expressions.argument(call, name);
      positional &= !parameter.keywordOnly();
      arguments.add(positional ? value : name + "=" + value);
    }
    if (isFactory(operator)) {
      arguments.add("device=device");
    }
    // Sizes are numbers here, whatever they are when a graph is traced.
    String name =
        operator.name().startsWith("sym_") ? operator.name().substring(4) : operator.name();
    return "torch." + name + "(" + String.join(", ", arguments) + ")";
  }

  /** What makes a tensor of no other has to be told where. */
  private static boolean isFactory(Operator operator) {
    return operator.parameters().stream().noneMatch(p -> p.baseType().equals("Tensor"))
        && operator.parameters().stream().anyMatch(p -> p.name().equals("device"));
  }

  /** The lines of a method. */
  static final class Lines {
    private final StringBuilder text = new StringBuilder();

    Lines open(String line) {
      text.append("  ").append(line).append('\n');
      return this;
    }

    Lines add(String line) {
      text.append("    ").append(line).append('\n');
      return this;
    }

    String close() {
      return text.toString();
    }
  }
}
