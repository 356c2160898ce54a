package io.attribution.engine.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A place in model.json: reads values and says, when one is wrong, which file and key. */
final class BundleJson {
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

  String text() {
    if (!node.isTextual() || node.asText().isBlank()) {
      throw error("must be a non-empty string, not " + node);
    }
    return node.asText();
  }

  void matching(Predicate<String> valid, String expected) {
    if (!valid.test(text())) {
      throw error("must be " + expected + ", not " + node);
    }
  }

  double number(Predicate<Double> valid, String expected) {
    if (!node.isNumber() || !valid.test(node.asDouble())) {
      throw error("must be " + expected + ", not " + node);
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

  /** Refuses unknown keys. */
  void requireKeys(Set<String> known) {
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                throw error("unknown key '" + key + "'; known are " + new TreeSet<>(known));
              }
            });
  }

  List<BundleJson> items() {
    if (!node.isArray() || node.isEmpty()) {
      throw error("must be a list with at least one entry");
    }
    List<BundleJson> items = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      items.add(new BundleJson(file, path + "[" + i + "]", node.get(i)));
    }
    return items;
  }
}
