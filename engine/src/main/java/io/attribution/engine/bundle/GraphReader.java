package io.attribution.engine.bundle;

import io.attribution.engine.bundle.EncoderGraph.Argument;
import io.attribution.engine.bundle.EncoderGraph.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Reads {@code graph} of model.json. What an operator takes is checked when the graph becomes a
 * program.
 */
final class GraphReader {
  private static final int MOST_NODES = 10_000;

  /** The longest list: as many tensors are concatenated, or as many axes permuted. */
  private static final int MOST_ITEMS = 4_096;

  /** A list of lists is the deepest that an operator takes. */
  private static final int MOST_LISTS = 3;

  private static final Set<String> GRAPH = Set.of("input", "nodes", "output");
  private static final Set<String> NODE = Set.of("name", "op", "args", "kwargs");

  private static final Predicate<String> NAME = Pattern.compile("[A-Za-z_]\\w*").asMatchPredicate();
  private static final Predicate<String> OPERATOR =
      Pattern.compile("aten\\.\\w+\\.\\w+|sym\\.(getitem|add|sub|mul|floordiv)").asMatchPredicate();
  private static final Predicate<String> KEYWORD = Pattern.compile("\\w+").asMatchPredicate();

  /** What operators take as a word; nothing that ends a string. */
  private static final Predicate<String> WORD = Pattern.compile("[\\w .,>-]+").asMatchPredicate();

  private static final Set<String> NUMBER_TYPES =
      Set.of(
          "bool",
          "uint8",
          "int8",
          "int16",
          "int32",
          "int64",
          "float16",
          "bfloat16",
          "float32",
          "float64");
  private static final Map<String, Double> NOT_FINITE =
      Map.of("inf", Double.POSITIVE_INFINITY, "-inf", Double.NEGATIVE_INFINITY, "nan", Double.NaN);

  private final TensorTable table;
  private final Set<String> known = new HashSet<>();
  private final Map<String, GraphTensor> tensors = new LinkedHashMap<>();

  private GraphReader(TensorTable table) {
    this.table = table;
  }

  static EncoderGraph read(BundleJson graph, TensorTable table) {
    return new GraphReader(table).read(graph.object());
  }

  private EncoderGraph read(BundleJson graph) {
    graph.requireKeys(GRAPH);
    String input = name(graph.at("input"));
    known.add(input);
    List<BundleJson> entries = graph.at("nodes").items();
    if (entries.size() > MOST_NODES) {
      throw graph
          .at("nodes")
          .error(
              String.format(
                  "has %,d nodes, more than the %,d that are read", entries.size(), MOST_NODES));
    }
    List<Node> nodes = entries.stream().map(node -> node(node.object())).toList();
    String output = graph.at("output").text();
    if (!known.contains(output)) {
      throw graph.at("output").error("names no node '" + Printable.excerpt(output) + "'");
    }
    return new EncoderGraph(input, nodes, output, Map.copyOf(tensors));
  }

  private static String name(BundleJson json) {
    json.matching(NAME, "a name of letters, digits and _ that begins with no digit");
    return json.text();
  }

  private Node node(BundleJson json) {
    json.requireKeys(NODE);
    String name = name(json.at("name"));
    json.at("op")
        .matching(
            OPERATOR,
            "aten.NAME.OVERLOAD, or sym.getitem, sym.add, sym.sub, sym.mul or sym.floordiv");
    List<Argument> arguments = json.has("args") ? items(json.at("args"), 0) : List.of();
    Map<String, Argument> keywords = new LinkedHashMap<>();
    json.maybe("kwargs")
        .map(BundleJson::object)
        .ifPresent(
            kwargs ->
                kwargs
                    .keys()
                    .forEach(
                        key -> keywords.put(keyword(kwargs, key), argument(kwargs.value(key), 0))));
    // Only now: no node refers to itself.
    if (!known.add(name)) {
      throw json.at("name")
          .error("'" + Printable.excerpt(name) + "' appears twice; names must differ");
    }
    return new Node(name, json.at("op").text(), arguments, keywords);
  }

  private static String keyword(BundleJson kwargs, String key) {
    if (!KEYWORD.test(key)) {
      throw kwargs.error("has the key '" + Printable.excerpt(key) + "', which names no argument");
    }
    return key;
  }

  private List<Argument> items(BundleJson json, int lists) {
    List<BundleJson> entries = json.entries();
    if (entries.size() > MOST_ITEMS || lists > MOST_LISTS) {
      throw json.error(
          String.format(
              "is a longer or deeper list than is read (%,d entries, %d lists in each other)",
              MOST_ITEMS, MOST_LISTS));
    }
    List<Argument> items = new ArrayList<>();
    for (BundleJson entry : entries) {
      items.add(argument(entry, lists + 1));
    }
    return List.copyOf(items);
  }

  private Argument argument(BundleJson json, int lists) {
    return switch (json.kind()) {
      case ARRAY -> new Argument.Items(items(json, lists));
      case OBJECT -> reference(json);
      case NUMBER -> number(json);
      case BOOLEAN -> new Argument.Truth(json.truth());
      case STRING -> word(json);
      case NULL -> new Argument.Nothing();
      default -> throw json.error("is no argument");
    };
  }

  private static Argument number(BundleJson json) {
    return json.isWhole()
        ? new Argument.Whole(json.whole())
        : new Argument.Real(json.number(Double::isFinite, "a float64 number"));
  }

  private static Argument word(BundleJson json) {
    json.matching(WORD, "a word of letters, digits, spaces and _ . , > -");
    return new Argument.Word(json.text());
  }

  private Argument reference(BundleJson json) {
    List<String> keys = json.keys();
    String kind = keys.size() == 1 ? keys.get(0) : "";
    return switch (kind) {
      case "node" -> result(json.at(kind));
      case "tensor" -> constant(json.at(kind));
      case "float" -> notFinite(json.at(kind));
      case "dtype" -> numberType(json.at(kind));
      default ->
          throw json.error(
              "must have one key of node, tensor, float and dtype, not "
                  + Printable.excerpt(keys.toString()));
    };
  }

  private Argument result(BundleJson json) {
    String name = json.text();
    if (!known.contains(name)) {
      throw json.error(
          "names '"
              + Printable.excerpt(name)
              + "', which is neither the input nor an earlier node");
    }
    return new Argument.Result(name);
  }

  private Argument constant(BundleJson json) {
    String name = json.text();
    if (!tensors.containsKey(name)) {
      tensors.put(name, table.constant(json));
    }
    return new Argument.Constant(name);
  }

  private static Argument notFinite(BundleJson json) {
    json.matching(NOT_FINITE::containsKey, "inf, -inf or nan; other numbers stand as they are");
    return new Argument.Real(NOT_FINITE.getOrDefault(json.text(), Double.NaN));
  }

  private static Argument numberType(BundleJson json) {
    json.matching(NUMBER_TYPES::contains, "a type of numbers such as float32");
    return new Argument.NumberType(json.text());
  }
}
