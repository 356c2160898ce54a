package io.attribution.engine.internal.graph;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The operators that a graph may call: functions of their arguments that libtorch has. The list is
 * written by tools/aten_operators.py.
 */
final class Operators {
  private static final String RESOURCE = "operators.txt";
  private static final Map<String, Operator> ALL = read();

  private Operators() {}

  /**
   * @param name as a graph calls it: {@code aten.linear.default}
   */
  static Optional<Operator> find(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  /** The operator that does the same as one that changes its argument, to a new array. */
  static Optional<Operator> outOfPlace(Operator operator) {
    String name = operator.name().substring(0, operator.name().length() - 1);
    return find("aten." + name + "." + operator.overload());
  }

  /** All of them, by the name that a graph calls them. */
  static Map<String, Operator> all() {
    return ALL;
  }

  private static Map<String, Operator> read() {
    Map<String, Operator> all = new HashMap<>();
    text(RESOURCE)
        .lines()
        .map(Operator::parse)
        .forEach(o -> all.put("aten." + o.name() + "." + o.overload(), o));
    return Map.copyOf(all);
  }

  /** A file beside this class. */
  static String text(String name) {
    try (InputStream resource = Operators.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new IllegalStateException(name + " is missing on the class path");
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
