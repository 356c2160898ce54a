package io.attribution.bundle;

import java.util.List;
import java.util.Map;

/** The tensors that model.json names, looked up with errors that say which key asked. */
final class TensorTable {
  private final Map<String, Tensor> tensors;

  TensorTable(Map<String, Tensor> tensors) {
    this.tensors = tensors;
  }

  /** The tensor that the string at this place names; all its values are finite. */
  Tensor get(BundleJson key) {
    String name = key.text();
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw key.error(
          "tensor '"
              + name
              + "' is not in "
              + BundleLoader.TENSORS
              + ", which has "
              + tensors.keySet());
    }
    for (float value : tensor.values()) {
      if (!Float.isFinite(value)) {
        throw key.error("tensor '" + name + "' holds " + value + "; all values must be finite");
      }
    }
    return tensor;
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
