package io.attribution.engine.internal.graph;

import io.attribution.engine.bundle.EncoderGraph;
import io.attribution.engine.bundle.EncoderGraph.Argument;
import io.attribution.engine.bundle.EncoderGraph.Node;
import io.attribution.engine.bundle.GraphTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An encoder's graph cut where columns of indices look something up, such as embeddings. There the
 * encoder has no derivative, and between two indices there is nothing. Behind the cut there is: E =
 * E(b) + t·(E(i) − E(b)), where i is the row's index, b a baseline's, and t goes from 0 to 1. So a
 * column of indices has a derivative with respect to its t, which is the sum over the dimensions of
 * its embedding, (E(i) − E(b)) · ∂z/∂E.
 */
public final class CategoricalGraph {
  /** What looks up, and by which argument. */
  private static final Map<String, String> LOOKUPS =
      Map.of(
          "embedding", "indices", "one_hot", "self", "index_select", "index", "index", "indices");

  /** Of these an index keeps its column, and changes its place. */
  private static final Set<String> PLACES =
      Set.of(
          "slice",
          "select",
          "view",
          "reshape",
          "_unsafe_view",
          "flatten",
          "unflatten",
          "unsqueeze",
          "squeeze",
          "permute",
          "transpose",
          "t",
          "expand",
          "narrow",
          "index",
          "index_select",
          "split",
          "split_with_sizes",
          "chunk",
          "unbind",
          "cat",
          "stack");

  /** Of these it keeps both: a number becomes an index. */
  private static final Set<String> CASTS =
      Set.of(
          "to",
          "_to_copy",
          "type_as",
          "detach",
          "clone",
          "contiguous",
          "alias",
          "lift_fresh_copy",
          "round",
          "floor",
          "ceil",
          "trunc");

  /** Of these an index becomes another: the place of its table is added. */
  private static final Set<String> OFFSETS =
      Set.of(
          "add", "add_", "sub", "sub_", "mul", "mul_", "clamp", "clamp_min", "clamp_max", "clip");

  private static final String ROW = "#row";
  private static final String BASE = "#base";
  private static final String MOVED = "#moved";

  private final EncoderGraph graph;
  private final Map<String, Call> calls = new LinkedHashMap<>();
  private final Dependence dependence;

  /** By the name of the node that looks up: the one that gives its indices. */
  private final Map<String, String> lookups = new LinkedHashMap<>();

  private CategoricalGraph(EncoderGraph graph, String file) {
    this.graph = graph;
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node node = graph.nodes().get(i);
      calls.put(node.name(), Call.of(node, file + ": graph.nodes[" + i + "]"));
    }
    this.dependence = new Dependence(graph.input(), List.copyOf(calls.values()));
    calls.values().forEach(call -> index(call).ifPresent(i -> lookups.put(call.node().name(), i)));
  }

  /**
   * @param file model.json, for messages
   * @return nothing where no column is an index
   */
  public static Optional<CategoricalGraph> of(EncoderGraph graph, String file) {
    return Optional.of(new CategoricalGraph(graph, file)).filter(c -> !c.lookups.isEmpty());
  }

  /** The node whose result a call looks up by, when that is made of columns alone. */
  private Optional<String> index(Call call) {
    if (!LOOKUPS.containsKey(call.name())) {
      return Optional.empty();
    }
    Argument by = call.given(LOOKUPS.get(call.name()));
    if (by instanceof Argument.Items list && list.items().size() == 1) {
      by = list.items().get(0);
    }
    return by instanceof Argument.Result index
            && (call.name().equals("one_hot") || isTable(call))
            && dependence.on(by) == Dependence.On.ROWS
            && !dependence.of(index.name()).hasDerivative()
            && isMadeOfColumns(index.name())
        ? Optional.of(index.name())
        : Optional.empty();
  }

  /** Whether it looks up rows, which are its last axes, of something that is always the same. */
  private boolean isTable(Call call) {
    boolean embedding = call.name().equals("embedding");
    boolean rows =
        embedding || call.argument("dim").map(new Argument.Whole(0)::equals).orElse(true);
    return rows
        && (embedding
            ? dependence.on(call.given("weight")) == Dependence.On.NOTHING
            : table(call).filter(t -> t.type() == GraphTensor.Type.FLOAT32).isPresent());
  }

  /** The constant that index and index_select look up in. */
  private Optional<GraphTensor> table(Call call) {
    return call.name().startsWith("index") && call.given("self") instanceof Argument.Constant table
        ? Optional.ofNullable(graph.tensors().get(table.tensor()))
        : Optional.empty();
  }

  /** Whether an index has the same place in the result, as another number. */
  private boolean isNumberOnly(Call call) {
    return CASTS.contains(call.name())
        || (OFFSETS.contains(call.name()) && !isDerived(call.given(subject(call))))
        || isNumberTable(call);
  }

  /** A number that is scaled before it becomes an index is no index, but falls into a bin. */
  private boolean isDerived(Argument argument) {
    return Call.results(argument).anyMatch(name -> dependence.of(name).hasDerivative());
  }

  private boolean isNumberTable(Call call) {
    return table(call)
        .filter(t -> t.type() == GraphTensor.Type.INT64 && t.shape().size() == 1)
        .isPresent();
  }

  private boolean isMadeOfColumns(String name) {
    Call call = calls.get(name);
    if (call == null) {
      return true;
    }
    boolean kept =
        PLACES.contains(call.name()) || isNumberOnly(call) || call.name().equals("sym.getitem");
    if (!kept || dependence.of(name).on() != Dependence.On.ROWS) {
      return false;
    }
    // Constants beside columns would be taken for columns.
    return Call.constants(call.given(subject(call))).findAny().isEmpty()
        && sources(call).stream().allMatch(this::isMadeOfColumns)
        && call.arguments().entrySet().stream()
            .filter(entry -> !entry.getKey().equals(subject(call)))
            .allMatch(entry -> dependence.on(entry.getValue()) != Dependence.On.ROWS);
  }

  /** The parameter that takes what a call passes on. */
  private String subject(Call call) {
    if (call.operator().isEmpty()) {
      return "left";
    }
    String lookup = LOOKUPS.get(call.name());
    if (lookup != null && isNumberTable(call)) {
      return lookup;
    }
    String first = call.operator().get().parameters().get(0).name();
    return OFFSETS.contains(call.name())
            && call.arguments().containsKey("other")
            && dependence.on(call.given(first)) != Dependence.On.ROWS
        ? "other"
        : first;
  }

  private List<String> sources(Call call) {
    return Call.results(call.given(subject(call))).toList();
  }

  /**
   * The same way from the input to every index, but with the columns' own numbers: of a row 0, 1,
   * …, K − 1 it gives, (1, m), which columns are indices; behind those of each of {@link #indices}
   * stands −1.
   */
  public EncoderGraph columns() {
    Nodes nodes = new Nodes();
    calls.values().stream()
        .filter(call -> dependence.of(call.node().name()).on() == Dependence.On.NOTHING)
        .forEach(call -> nodes.list.add(call.node()));
    Argument.Items one = sizes(1, 1);
    List<Argument> all = new ArrayList<>();
    for (String index : indices()) {
      Argument own = new Argument.Result(nodes.moved(index, graph.input()));
      all.add(nodes.add("aten.reshape.default", own, sizes(1, -1)));
      all.add(nodes.add("aten.full.default", one, new Argument.Real(-1)));
    }
    Argument.Result output = nodes.add("aten.cat.default", new Argument.Items(all), 1);
    return new EncoderGraph(
        graph.input(), nodes.needed(output.name()), output.name(), graph.tensors());
  }

  private static Argument.Items sizes(long... sizes) {
    return new Argument.Items(
        Arrays.stream(sizes).<Argument>mapToObj(Argument.Whole::new).toList());
  }

  /** The nodes that give indices, in the order of the graph. */
  public List<String> indices() {
    return List.copyOf(new LinkedHashSet<>(lookups.values()));
  }

  /**
   * The encoder behind the cut. Its input is (n, K + 2·C): the numbers, with t in the place of the
   * C columns of indices; the row's indices; the baseline's indices.
   *
   * @param width K
   * @param columns which of the K are indices
   * @param behind the nodes that give them
   */
  public EncoderGraph cut(int width, List<Integer> columns, Set<String> behind) {
    Map<String, GraphTensor> tensors = new HashMap<>(graph.tensors());
    tensors.put(ROW, GraphTensor.indices(places(width, columns, width)));
    tensors.put(BASE, GraphTensor.indices(places(width, columns, width + columns.size())));
    Nodes nodes = new Nodes();
    Argument x = new Argument.Result(graph.input());
    nodes.add(ROW, "aten.index_select.default", x, 1, new Argument.Constant(ROW));
    nodes.add(BASE, "aten.index_select.default", x, 1, new Argument.Constant(BASE));
    nodes.add(MOVED, "aten.slice.Tensor", x, 1, 0, width);
    for (Call call : calls.values()) {
      String name = call.node().name();
      if (behind.contains(lookups.getOrDefault(name, ""))) {
        nodes.lookup(call);
      } else {
        nodes.list.add(
            dependence.of(name).hasDerivative()
                ? renamed(call.node(), name, graph.input(), MOVED)
                : nodes.ofRow(call));
      }
    }
    return new EncoderGraph(
        graph.input(), nodes.needed(graph.output()), graph.output(), Map.copyOf(tensors));
  }

  private static long[] places(int width, List<Integer> columns, int from) {
    long[] places = new long[width];
    for (int k = 0; k < width; k++) {
      int at = columns.indexOf(k);
      places[k] = at < 0 ? k : from + at;
    }
    return places;
  }

  private static Node renamed(Node node, String name, String from, String to) {
    Map<String, Argument> keywords = new LinkedHashMap<>();
    node.keywords().forEach((key, value) -> keywords.put(key, renamed(value, from, to)));
    return new Node(
        name,
        node.operator(),
        node.arguments().stream().map(a -> renamed(a, from, to)).toList(),
        keywords);
  }

  private static Argument renamed(Argument argument, String from, String to) {
    if (argument instanceof Argument.Items list) {
      return new Argument.Items(list.items().stream().map(a -> renamed(a, from, to)).toList());
    }
    return argument.equals(new Argument.Result(from)) ? new Argument.Result(to) : argument;
  }

  /** The nodes of a graph that is being written. */
  private final class Nodes {
    private final List<Node> list = new ArrayList<>();
    private final Map<String, String> copies = new HashMap<>();

    Argument.Result add(String operator, Object... arguments) {
      return add("#" + list.size(), operator, arguments);
    }

    Argument.Result add(String name, String operator, Object... arguments) {
      List<Argument> given = new ArrayList<>();
      for (Object argument : arguments) {
        given.add(
            argument instanceof Argument a
                ? a
                : new Argument.Whole(((Number) argument).longValue()));
      }
      list.add(new Node(name, operator, given, Map.of()));
      return new Argument.Result(name);
    }

    /** What else is made of an index, such as a mask: of the row's, which is no t. */
    Node ofRow(Call call) {
      Node node = call.node();
      for (String source :
          call.arguments().values().stream().flatMap(Call::results).distinct().toList()) {
        if (isMadeOfColumns(source)) {
          node = renamed(node, node.name(), source, copy(source, ROW));
        }
      }
      return node;
    }

    /** A node's result as it would be for another input. */
    String copy(String name, String input) {
      Call call = calls.get(name);
      if (call == null) {
        return name.equals(graph.input()) ? input : name;
      }
      if (dependence.of(name).on() == Dependence.On.NOTHING) {
        return name;
      }
      String key = name + "#" + input;
      if (!copies.containsKey(key)) {
        Node node = call.node();
        for (String source :
            call.arguments().values().stream().flatMap(Call::results).distinct().toList()) {
          node = renamed(node, name, source, copy(source, input));
        }
        copies.put(key, key);
        list.add(renamed(node, key, "", ""));
      }
      return key;
    }

    /** What of another input stands where an index stands, without what is made of its number. */
    String moved(String name, String input) {
      Call call = calls.get(name);
      if (call == null) {
        return input;
      }
      if (isNumberOnly(call)) {
        return moved(sources(call).get(0), input);
      }
      String key = name + "#moved" + input;
      if (!copies.containsKey(key)) {
        Node node = call.node();
        List<String> subjects = sources(call);
        for (String source :
            call.arguments().values().stream().flatMap(Call::results).distinct().toList()) {
          String to = subjects.contains(source) ? moved(source, input) : copy(source, input);
          node = renamed(node, name, source, to);
        }
        copies.put(key, key);
        list.add(renamed(node, key, "", ""));
      }
      return key;
    }

    /** E(b) + t·(E(i) − E(b)), under the name of what looked up E(i). */
    void lookup(Call call) {
      String name = call.node().name();
      String index = String.valueOf(lookups.get(name));
      Argument row = lookedUp(call, copy(index, ROW), name + ROW);
      Argument base = lookedUp(call, copy(index, BASE), name + BASE);
      Argument t = new Argument.Result(moved(index, MOVED));
      for (int axes = axesBehindIndex(call); axes > 0; axes--) {
        t = add("aten.unsqueeze.default", t, -1);
      }
      Argument way = add("aten.mul.Tensor", add("aten.sub.Tensor", row, base), t);
      add(name, "aten.add.Tensor", base, way);
    }

    private Argument lookedUp(Call call, String index, String name) {
      list.add(renamed(call.node(), name, String.valueOf(lookups.get(call.node().name())), index));
      return call.name().equals("one_hot")
          ? add("aten.to.dtype", new Argument.Result(name), new Argument.NumberType("float32"))
          : new Argument.Result(name);
    }

    private int axesBehindIndex(Call call) {
      return table(call).map(t -> t.shape().size() - 1).orElse(1);
    }

    /** Without what only the lookups needed. */
    List<Node> needed(String output) {
      Set<String> needed = new HashSet<>(Set.of(output));
      List<Node> kept = new ArrayList<>();
      for (int i = list.size() - 1; i >= 0; i--) {
        Node node = list.get(i);
        boolean changes =
            Operators.find(node.operator()).map(Operator::inPlace).orElse(false)
                && !isOfIndices(node.name());
        if (needed.contains(node.name()) || changes) {
          kept.add(0, node);
          node.arguments().stream().flatMap(Call::results).forEach(needed::add);
          node.keywords().values().stream().flatMap(Call::results).forEach(needed::add);
        }
      }
      return kept;
    }

    private boolean isOfIndices(String name) {
      return calls.containsKey(name) && !dependence.of(name).hasDerivative();
    }
  }
}
