package io.attribution.engine.bundle;

import java.util.List;

/** The tensors that model.json names; errors name the key. */
final class TensorTable {
  private final Safetensors file;

  TensorTable(Safetensors file) {
    this.file = file;
  }

  /** The tensor that the string at this place names; all its values are finite. */
  Tensor get(BundleJson key) {
    String name = key.text();
    if (!file.names().contains(name)) {
      throw key.error(
          "tensor '"
              + name
              + "' is not in "
              + BundleLoader.TENSORS
              + ", which has "
              + file.names());
    }
    Tensor tensor = read(key, name);
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
    return tensor;
  }

  private Tensor read(BundleJson key, String name) {
    try {
      return file.tensor(name);
    } catch (IllegalArgumentException e) {
      throw key.error("tensor '" + name + "' in " + BundleLoader.TENSORS + " " + e.getMessage());
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
