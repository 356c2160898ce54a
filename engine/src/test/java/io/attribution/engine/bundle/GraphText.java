package io.attribution.engine.bundle;

import io.attribution.engine.bundle.EncoderGraph.Argument;
import io.attribution.engine.bundle.EncoderGraph.Node;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A graph from a line of text: calls in each other, and steps behind a bar, in which {@code h} is
 * the step before. {@code x} is the input, (n, 12); {@code s} the same as (n, 3, 4), {@code i} as
 * (n, 3, 2, 2). A call of a number takes that entry. Tensors of random numbers have the names
 * below; those that begin with p are positive. The output is the last step as (n, O).
 */
public final class GraphText {
  private static final Map<String, List<Integer>> TENSORS = new LinkedHashMap<>();

  static {
    TENSORS.put("w", List.of(4, 4));
    TENSORS.put("w3", List.of(3, 3));
    TENSORS.put("v1", List.of(1));
    TENSORS.put("v3", List.of(3));
    TENSORS.put("v4", List.of(4));
    TENSORS.put("p3", List.of(3));
    TENSORS.put("k", List.of(4, 3, 2, 1));
    TENSORS.put("l", List.of(4, 3, 3));
    TENSORS.put("n", List.of(3));
  }

  private final List<Node> nodes = new ArrayList<>();
  private final String text;
  private int at;

  public GraphText(String chain) {
    this.text = chain.replace(" ", "");
  }

  public EncoderGraph graph() {
    node("s", "aten.reshape.default", result("x"), sizes(-1, 3, 4));
    node("i", "aten.reshape.default", result("x"), sizes(-1, 3, 2, 2));
    Argument last = argument();
    while (at < text.length()) {
      expect('|');
      node("h", "aten.alias.default", last);
      last = argument();
    }
    node("y", "aten.flatten.using_ints", last, new Argument.Whole(1));
    Map<String, GraphTensor> tensors = new LinkedHashMap<>();
    TENSORS.forEach((name, shape) -> tensors.put(name, tensor(name, shape)));
    return new EncoderGraph("x", List.copyOf(nodes), "y", tensors);
  }

  private static GraphTensor tensor(String name, List<Integer> shape) {
    int size = shape.stream().reduce(1, (a, b) -> a * b);
    Random random = new Random(name.hashCode());
    boolean index = name.equals("n");
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(size * (index ? Long.BYTES : Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < size; i++) {
      if (index) {
        bytes.putLong(random.nextInt(12));
      } else {
        double value = random.nextGaussian();
        bytes.putFloat((float) (name.startsWith("p") ? 0.5 + Math.abs(value) : value));
      }
    }
    return new GraphTensor(
        index ? GraphTensor.Type.INT64 : GraphTensor.Type.FLOAT32, shape, bytes.flip());
  }

  private Argument argument() {
    char c = text.charAt(at);
    if (c == '[') {
      at++;
      List<Argument> items = new ArrayList<>();
      while (text.charAt(at) != ']') {
        items.add(argument());
        skip(',');
      }
      at++;
      return new Argument.Items(items);
    }
    if (c == '\'') {
      int end = text.indexOf('\'', at + 1);
      String word = text.substring(at + 1, end);
      at = end + 1;
      return new Argument.Word(word);
    }
    int from = at;
    while (at < text.length() && ",()[]|=".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String word = text.substring(from, at);
    return at < text.length() && text.charAt(at) == '(' ? call(word) : value(word);
  }

  private static Argument value(String word) {
    if (word.matches("-?\\d+")) {
      return new Argument.Whole(Long.parseLong(word));
    }
    if (word.matches("-?[\\d.]+(e-?\\d+)?")) {
      return new Argument.Real(Double.parseDouble(word));
    }
    return switch (word) {
      case "True", "False" -> new Argument.Truth(word.equals("True"));
      case "null" -> new Argument.Nothing();
      case "float32", "float64" -> new Argument.NumberType(word);
      default -> TENSORS.containsKey(word) ? new Argument.Constant(word) : result(word);
    };
  }

  private Argument call(String operator) {
    expect('(');
    List<Argument> arguments = new ArrayList<>();
    Map<String, Argument> keywords = new LinkedHashMap<>();
    while (text.charAt(at) != ')') {
      int equals = text.indexOf('=', at);
      String before = equals < 0 ? "" : text.substring(at, equals);
      if (before.matches("[a-z_]+")) {
        at = equals + 1;
        keywords.put(before, argument());
      } else {
        arguments.add(argument());
      }
      skip(',');
    }
    at++;
    String name = "c" + nodes.size();
    if (operator.matches("\\d+")) {
      node(name, "sym.getitem", arguments.get(0), new Argument.Whole(Long.parseLong(operator)));
    } else {
      String full = "aten." + operator + (operator.contains(".") ? "" : ".default");
      nodes.add(new Node(name, full, arguments, keywords));
    }
    return result(name);
  }

  private void node(String name, String operator, Argument... arguments) {
    nodes.add(new Node(name, operator, List.of(arguments), Map.of()));
  }

  private static Argument result(String name) {
    return new Argument.Result(name);
  }

  private static Argument sizes(int... sizes) {
    List<Argument> items = new ArrayList<>();
    for (int size : sizes) {
      items.add(new Argument.Whole(size));
    }
    return new Argument.Items(items);
  }

  private void expect(char c) {
    if (text.charAt(at) != c) {
      throw new IllegalArgumentException(text + ": no " + c + " at " + at);
    }
    at++;
  }

  private void skip(char c) {
    if (text.charAt(at) == c) {
      at++;
    }
  }
}
