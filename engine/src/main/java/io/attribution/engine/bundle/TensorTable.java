package io.attribution.engine.bundle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The tensors that model.json names; errors name the key. */
final class TensorTable {
  private static final int NAMES_SHOWN = 10;

  /** How often tensors may be used in all, as a multiple of what the file holds. */
  private static final int MOST_USES = 2;

  /** Numbers that may be used again as often as one likes: 4 MiB. */
  private static final long FREE_USES = 1 << 20;

  private final Safetensors file;
  private final Map<String, Tensor> tensors = new HashMap<>();
  private long used;

  TensorTable(Safetensors file) {
    this.file = file;
  }

  /** The tensor that the string at this place names; all its values are finite. */
  Tensor get(BundleJson key) {
    Tensor tensor = tensors.computeIfAbsent(key.text(), name -> read(key, name));
    // Each use takes memory of its own in an engine: a small file must not fill a large memory.
    used += tensor.values().length;
    if (used > MOST_USES * file.values() + FREE_USES) {
      throw key.error(
          "with tensor '"
              + key.text()
              + "' the same numbers are used more than twice over all; export each layer's own");
    }
    return tensor;
  }

  /**
   * The constant of a graph that the string at this place names. It may be infinite, as masks are,
   * and is no NaN; the caller reads each only once.
   */
  GraphTensor constant(BundleJson key) {
    GraphTensor constant = read(key, key.text(), file::constant);
    if (!constant.isSound()) {
      throw key.error(
          "tensor '" + key.text() + "' holds NaN, or a byte that is neither true nor false");
    }
    return constant;
  }

  private Tensor read(BundleJson key, String name) {
    Tensor tensor = read(key, name, file::tensor);
    requireFinite(key, name, tensor);
    return tensor;
  }

  private <T> T read(BundleJson key, String name, Function<String, T> read) {
    if (!file.has(name)) {
      throw key.error(
          "tensor '" + name + "' is not in " + BundleLoader.TENSORS + ", which has " + known());
    }
    try {
      return read.apply(name);
    } catch (IllegalArgumentException e) {
      throw key.error("tensor '" + name + "' in " + BundleLoader.TENSORS + " " + e.getMessage());
    }
  }

  private List<String> known() {
    List<String> names = file.names();
    List<String> known =
        new ArrayList<>(names.stream().limit(NAMES_SHOWN).map(Printable::excerpt).toList());
    if (names.size() > NAMES_SHOWN) {
      known.add("… and " + (names.size() - NAMES_SHOWN) + " more");
    }
    return known;
  }

  private static void requireFinite(BundleJson key, String name, Tensor tensor) {
    for (int i = 0; i < tensor.values().length; i++) {
      float value = tensor.values()[i];
      if (!Float.isFinite(value)) {
        throw key.error(
            "tensor '"
                + name
                + "' holds "
                + value
                + " at "
                + tensor.position(i)
                + "; all values must be finite");
      }
    }
  }

  Tensor get(BundleJson key, List<Integer> shape) {
    Tensor tensor = get(key);
    if (!tensor.shape().equals(shape)) {
      throw key.error(
          "tensor '" + key.text() + "' has shape " + tensor.shape() + ", expected " + shape);
    }
    return tensor;
  }
}
