package io.attribution.benchmarks.engine;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.DoubleSupplier;

/**
 * Writes bundles of random multilayer perceptrons without Python: a layers section and tensors, no
 * TorchScript. He-initialised (He et al. 2015), so that activations keep their size.
 */
public final class BundleGenerator {
  private static final long SEED = 20_261_123;
  private static final float PRELU_SLOPE = 0.25f;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Random random = new Random(SEED);
  private final ObjectNode model = JSON.createObjectNode();
  private final ArrayNode layers = model.putArray("layers");

  /** The two parts of a safetensors file. */
  private final ObjectNode header = JSON.createObjectNode();

  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  private BundleGenerator() {}

  static void write(Encoder encoder, Path folder) throws IOException {
    if (encoder == Encoder.wide) {
      wide(folder);
    } else {
      new BundleGenerator().many(folder);
    }
  }

  /** 2,000 features, 50 components, 50→1152×5→2 as glass-box-umap's DeepPReLU nets. */
  public static void wide(Path folder) throws IOException {
    BundleGenerator bundle = new BundleGenerator();
    // Components are rows of unit length, almost at right angles.
    bundle
        .model
        .putObject("preprocessing")
        .put("mean", bundle.normal("mean", 1, 2000))
        .put("components", bundle.normal("components", 1 / Math.sqrt(2000), 50, 2000));
    int width = 50;
    for (int depth = 0; depth < 5; depth++) {
      bundle.linear(width, 1152);
      bundle.layer("prelu").put("weight", bundle.tensor("slope", () -> PRELU_SLOPE, 1));
      if (depth < 4) {
        String scale = bundle.tensor("scale", () -> 1, 1152);
        bundle.layer("layer_norm_detached").put("scale", scale).put("eps", 1e-12);
      }
      width = 1152;
    }
    bundle.linear(width, 2);
    bundle.write(folder, "wide", 50, 2000, 2);
  }

  /** 256→512×3→64 with ReLU. */
  private void many(Path folder) throws IOException {
    int width = 256;
    for (int depth = 0; depth < 3; depth++) {
      linear(width, 512);
      layer("relu");
      width = 512;
    }
    linear(width, 64);
    write(folder, "many", 256, 256, 64);
  }

  private void linear(int inputs, int outputs) {
    String weight = normal("weight", Math.sqrt(2.0 / inputs), outputs, inputs);
    layer("linear").put("weight", weight);
  }

  private ObjectNode layer(String type) {
    return layers.addObject().put("type", type);
  }

  private String normal(String kind, double deviation, int... shape) {
    return tensor(kind, () -> deviation * random.nextGaussian(), shape);
  }

  /** Appends a float32 tensor; returns its name. */
  private String tensor(String kind, DoubleSupplier values, int... shape) {
    String name = layers.size() + "." + kind;
    ObjectNode description = header.putObject(name).put("dtype", "F32");
    description.set("shape", JSON.valueToTree(shape));
    int size = 1;
    for (int side : shape) {
      size *= side;
    }
    ByteBuffer bytes = ByteBuffer.allocate(size * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      bytes.putFloat((float) values.getAsDouble());
    }
    description.putArray("data_offsets").add(data.size()).add(data.size() + bytes.capacity());
    data.writeBytes(bytes.array());
    return name;
  }

  private void write(Path folder, String name, int inputs, int features, int outputs)
      throws IOException {
    model.put("format", "attribution-bundle/1").put("name", name).put("version", "1");
    ObjectNode input = model.putObject("input");
    input.putArray("shape").add(inputs);
    names(input.putArray("features"), "feature_", features);
    names(model.putObject("output").putArray("names"), "output_", outputs);
    Files.createDirectories(folder);
    JSON.writeValue(folder.resolve("model.json").toFile(), model);
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer tensors =
        ByteBuffer.allocate(Long.BYTES + json.length + data.size())
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json)
            .put(data.toByteArray());
    Files.write(folder.resolve("tensors.safetensors"), tensors.array());
  }

  private static void names(ArrayNode names, String prefix, int count) {
    for (int i = 0; i < count; i++) {
      names.add(prefix + i);
    }
  }
}
