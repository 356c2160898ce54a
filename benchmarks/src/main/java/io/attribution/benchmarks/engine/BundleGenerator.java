package io.attribution.benchmarks.engine;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attribution.engine.bundle.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Writes bundles of random multilayer perceptrons without Python: a layers section and tensors, no
 * TorchScript. He-initialised (He et al. 2015), so that activations keep their size.
 */
public final class BundleGenerator {
  private static final long SEED = 20_261_123;
  private static final float PRELU_SLOPE = 0.25f;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Random random = new Random(SEED);
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final ArrayNode layers = JSON.createArrayNode();
  private final ObjectNode preprocessing = JSON.createObjectNode();

  private BundleGenerator() {}

  /** 2,000 features, 50 components, 50→1152×5→2 as glass-box-umap's DeepPReLU nets. */
  public static void wide(Path folder) throws IOException {
    BundleGenerator bundle = new BundleGenerator();
    bundle.preprocess(50, 2000);
    bundle.deepPrelu(50, 1152, 5, 2);
    bundle.write(folder, "wide", 50, 2000, 2);
  }

  /** 256→512×3→64 with ReLU. */
  static void many(Path folder) throws IOException {
    BundleGenerator bundle = new BundleGenerator();
    int width = 256;
    for (int hidden : List.of(512, 512, 512)) {
      bundle.linear(width, hidden);
      bundle.layer("relu");
      width = hidden;
    }
    bundle.linear(width, 64);
    bundle.write(folder, "many", 256, 256, 64);
  }

  private void preprocess(int axes, int features) {
    preprocessing.put("mean", tensor("mean", List.of(features), 1));
    // Rows of unit length, almost at right angles.
    preprocessing.put(
        "components", tensor("components", List.of(axes, features), 1 / Math.sqrt(features)));
  }

  /** Layer normalisation after every hidden layer but the last. */
  private void deepPrelu(int inputs, int hidden, int depth, int outputs) {
    int width = inputs;
    for (int i = 0; i < depth; i++) {
      linear(width, hidden);
      layer("prelu").put("weight", constant("slope", 1, PRELU_SLOPE));
      if (i < depth - 1) {
        layer("layer_norm_detached").put("scale", constant("scale", hidden, 1)).put("eps", 1e-12);
      }
      width = hidden;
    }
    linear(width, outputs);
  }

  private void linear(int inputs, int outputs) {
    layer("linear")
        .put("weight", tensor("weight", List.of(outputs, inputs), Math.sqrt(2.0 / inputs)));
  }

  private ObjectNode layer(String type) {
    return layers.addObject().put("type", type);
  }

  private String tensor(String kind, List<Integer> shape, double deviation) {
    float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return put(kind, new Tensor(shape, values));
  }

  private String constant(String kind, int size, float value) {
    float[] values = new float[size];
    java.util.Arrays.fill(values, value);
    return put(kind, Tensor.vector(values));
  }

  private String put(String kind, Tensor tensor) {
    String name = layers.size() + "." + kind;
    tensors.put(name, tensor);
    return name;
  }

  private void write(Path folder, String name, int inputs, int features, int outputs)
      throws IOException {
    ObjectNode model = JSON.createObjectNode();
    model.put("format", "attribution-bundle/1").put("name", name).put("version", "1");
    ObjectNode input = model.putObject("input");
    input.putArray("shape").add(inputs);
    names(input.putArray("features"), "feature_", features);
    names(model.putObject("output").putArray("names"), "output_", outputs);
    if (!preprocessing.isEmpty()) {
      model.set("preprocessing", preprocessing);
    }
    model.set("layers", layers);
    Files.createDirectories(folder);
    JSON.writeValue(folder.resolve("model.json").toFile(), model);
    SafetensorsFile.write(
        folder.resolve("tensors.safetensors"), Collections.unmodifiableMap(tensors));
  }

  private static void names(ArrayNode names, String prefix, int count) {
    for (int i = 0; i < count; i++) {
      names.add(prefix + i);
    }
  }
}
