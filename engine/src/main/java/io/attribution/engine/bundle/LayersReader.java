package io.attribution.engine.bundle;

import io.attribution.engine.bundle.LayerSpec.Flatten;
import io.attribution.engine.bundle.LayerSpec.LayerNormDetached;
import io.attribution.engine.bundle.LayerSpec.LeakyRelu;
import io.attribution.engine.bundle.LayerSpec.Linear;
import io.attribution.engine.bundle.LayerSpec.Prelu;
import io.attribution.engine.bundle.LayerSpec.Relu;
import io.attribution.engine.bundle.LayerSpec.Residual;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads `layers` of model.json and follows the shape of one row through them. */
final class LayersReader {
  private static final double DEFAULT_EPS = 1e-12;

  /** With those inside residual layers. */
  private static final int MOST_LAYERS = 1000;

  private final TensorTable tensors;
  private List<Integer> shape;
  private int count;

  private LayersReader(TensorTable tensors, List<Integer> inputShape) {
    this.tensors = tensors;
    this.shape = inputShape;
  }

  /**
   * @param inputShape the encoder's input without the batch axis
   * @param outputs O, the width after the last layer
   */
  static List<LayerSpec> read(
      BundleJson layers, TensorTable tensors, List<Integer> inputShape, int outputs) {
    LayersReader reader = new LayersReader(tensors, inputShape);
    List<LayerSpec> specs = reader.sequence(layers);
    if (!reader.shape.equals(List.of(outputs))) {
      throw layers.error(
          "give "
              + reader.shape
              + " for one row, but output.names has "
              + outputs
              + " names; correct one of them");
    }
    return specs;
  }

  private List<LayerSpec> sequence(BundleJson layers) {
    List<LayerSpec> specs = new ArrayList<>();
    for (BundleJson layer : layers.items()) {
      if (++count > MOST_LAYERS) {
        throw layer.error("is one layer more than the " + MOST_LAYERS + " that are read");
      }
      specs.add(layer(layer.object()));
    }
    return List.copyOf(specs);
  }

  private LayerSpec layer(BundleJson json) {
    String type = json.at("type").text();
    return switch (type) {
      case "flatten" -> flatten(json);
      case "linear" -> linear(json);
      case "relu" -> new Relu();
      case "leaky_relu" ->
          new LeakyRelu(
              (float)
                  json.at("negativeSlope")
                      .number(v -> Float.isFinite(v.floatValue()), "a finite float32 number"));
      case "prelu" -> prelu(json);
      case "layer_norm_detached" -> layerNorm(json);
      case "residual" -> residual(json);
      default ->
          throw json.at("type")
              .error(
                  "unknown layer '"
                      + Printable.excerpt(type)
                      + "'; known are flatten, linear, relu, leaky_relu, prelu,"
                      + " layer_norm_detached, residual. Leave out layers to use encoder.pt alone");
    };
  }

  private Flatten flatten(BundleJson json) {
    try {
      shape = List.of(Tensor.size(shape));
    } catch (ArithmeticException e) {
      throw json.error("flattens the shape " + shape + ", which has too many numbers");
    }
    return new Flatten();
  }

  private Linear linear(BundleJson json) {
    Tensor weight = tensors.get(json.at("weight"));
    if (weight.rank() != 2 || weight.size(1) != width()) {
      throw json.at("weight")
          .error("has shape " + weight.shape() + ", expected [out, " + width() + "]");
    }
    Optional<Tensor> bias =
        json.maybe("bias").map(key -> tensors.get(key, List.of(weight.size(0))));
    List<Integer> next = new ArrayList<>(shape);
    next.set(next.size() - 1, weight.size(0));
    shape = List.copyOf(next);
    return new Linear(weight, bias);
  }

  private Prelu prelu(BundleJson json) {
    Tensor weight = tensors.get(json.at("weight"));
    int slopes = weight.values().length;
    if (slopes != 1 && slopes != shape.get(0)) {
      throw json.at("weight")
          .error("has " + slopes + " slopes, expected 1 or one per channel, " + shape.get(0));
    }
    return new Prelu(new Tensor(List.of(slopes), weight.values()));
  }

  private LayerNormDetached layerNorm(BundleJson json) {
    Tensor scale = tensors.get(json.at("scale"), List.of(width()));
    double eps =
        json.maybe("eps")
            .map(key -> key.number(v -> v >= 0 && v < 1, "a number from 0 to 1"))
            .orElse(DEFAULT_EPS);
    return new LayerNormDetached(scale, eps);
  }

  private Residual residual(BundleJson json) {
    List<Integer> before = shape;
    List<LayerSpec> inner = sequence(json.at("layers"));
    if (!shape.equals(before)) {
      throw json.at("layers")
          .error("turn " + before + " into " + shape + "; x + inner(x) needs one shape");
    }
    return new Residual(inner);
  }

  private int width() {
    return shape.get(shape.size() - 1);
  }
}
