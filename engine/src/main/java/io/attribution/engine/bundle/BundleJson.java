package io.attribution.engine.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A place in model.json: reads values and says, when one is wrong, which file and key. */
final class BundleJson {
  private static final int LONGEST_TEXT = 1024;

  private final String file;
  private final String path;
  private final JsonNode node;

  BundleJson(String file, String path, JsonNode node) {
    this.file = file;
    this.path = path;
    this.node = node;
  }

  BundleException error(String problem) {
    return new BundleException(file + ": " + (path.isEmpty() ? "" : path + ": ") + problem);
  }

  boolean has(String key) {
    return node.hasNonNull(key);
  }

  BundleJson at(String key) {
    return child(key, path.isEmpty() ? key : path + "." + key, node.get(key));
  }

  private BundleJson child(String name, String childPath, @Nullable JsonNode child) {
    BundleJson found = new BundleJson(file, childPath, child == null ? node : child);
    if (child == null || child.isNull()) {
      throw found.error("is missing; add \"" + name + "\"");
    }
    return found;
  }

  Optional<BundleJson> maybe(String key) {
    return has(key) ? Optional.of(at(key)) : Optional.empty();
  }

  /** A name of something: not empty, of a readable length, nothing that steers a terminal. */
  String text() {
    if (!node.isTextual() || node.asText().isBlank()) {
      throw error("must be a non-empty string, not " + excerpt());
    }
    String text = node.asText();
    if (text.length() > LONGEST_TEXT) {
      throw error(
          String.format(
              "has %,d characters, more than the %,d of a name", text.length(), LONGEST_TEXT));
    }
    Printable.firstUnprintable(text)
        .ifPresent(
            at -> {
              throw error(
                  String.format(
                      "holds the control character U+%04X at position %d; leave it out",
                      text.codePointAt(at), at));
            });
    return text;
  }

  /** What is there, as JSON. */
  private String excerpt() {
    return Printable.excerpt(node.toString());
  }

  void matching(Predicate<String> valid, String expected) {
    if (!valid.test(text())) {
      throw error("must be " + expected + ", not " + excerpt());
    }
  }

  double number(Predicate<Double> valid, String expected) {
    if (!node.isNumber() || !valid.test(node.asDouble())) {
      throw error("must be " + expected + ", not " + excerpt());
    }
    return node.asDouble();
  }

  int positiveInt() {
    return (int) number(v -> v >= 1 && v <= Integer.MAX_VALUE && v % 1 == 0, "a positive integer");
  }

  BundleJson object() {
    if (!node.isObject()) {
      throw error("must be an object, not " + node.getNodeType());
    }
    return this;
  }

  JsonNodeType kind() {
    return node.getNodeType();
  }

  boolean truth() {
    return node.booleanValue();
  }

  /** Whether it is written as an integer: without a point and without an exponent. */
  boolean isWhole() {
    return node.isIntegralNumber();
  }

  long whole() {
    if (!node.canConvertToLong()) {
      throw error("must be an integer of 64 bits, not " + excerpt());
    }
    return node.longValue();
  }

  /** The keys of an object, in the file's order. */
  List<String> keys() {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** The value of one of {@link #keys()}, which may be null. */
  BundleJson value(String key) {
    return new BundleJson(file, path + "." + Printable.excerpt(key), node.path(key));
  }

  /** Refuses unknown keys. */
  void requireKeys(Set<String> known) {
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                throw error(
                    "unknown key '"
                        + Printable.excerpt(key)
                        + "'; known are "
                        + new TreeSet<>(known));
              }
            });
  }

  List<BundleJson> items() {
    if (!node.isArray() || node.isEmpty()) {
      throw error("must be a list with at least one entry");
    }
    return entries();
  }

  /** The entries of a list, which may have none. */
  List<BundleJson> entries() {
    if (!node.isArray()) {
      throw error("must be a list, not " + node.getNodeType());
    }
    List<BundleJson> items = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      items.add(new BundleJson(file, path + "[" + i + "]", node.get(i)));
    }
    return items;
  }
}
