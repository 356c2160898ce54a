package io.attribution.benchmarks.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A bundle of random weights with the shapes of a wide model: 2000 raw features, 50 components,
 * five hidden layers of 1152 units, 2 outputs. What it says of a row means nothing; what it costs
 * does.
 */
final class WideBundle {
  static final int FEATURES = 2000;
  private static final int COMPONENTS = 50;
  private static final int HIDDEN = 1152;
  private static final int HIDDEN_LAYERS = 5;
  private static final int OUTPUTS = 2;
  private static final float SLOPE = 0.25f;
  private static final long SEED = 20_260_101;

  private final Random random = new Random(SEED);
  private final Map<String, Object> header = new LinkedHashMap<>();
  private final List<float[]> tensors = new ArrayList<>();
  private final List<Map<String, Object>> layers = new ArrayList<>();
  private long bytes;

  private WideBundle() {}

  /** Writes the bundle's two files into a folder, which is made where absent. */
  static Path write(Path directory) throws IOException {
    WideBundle bundle = new WideBundle();
    Files.createDirectories(directory);
    bundle.addPreprocessing();
    bundle.addLayers();
    bundle.writeTensors(directory.resolve("tensors.safetensors"));
    bundle.writeModel(directory.resolve("model.json"));
    return directory;
  }

  private void addPreprocessing() {
    add("preprocessing.mean", List.of(FEATURES), 1, 0);
    add("preprocessing.scale", List.of(FEATURES), 0, 1);
    add("preprocessing.components", List.of(COMPONENTS, FEATURES), Math.sqrt(1.0 / FEATURES), 0);
  }

  private void addLayers() {
    int inputs = COMPONENTS;
    for (int i = 0; i < HIDDEN_LAYERS; i++) {
      addLinear(inputs, HIDDEN);
      layers.add(Map.of("type", "prelu", "weight", add(name("slope"), List.of(1), 0, SLOPE)));
      if (i < HIDDEN_LAYERS - 1) {
        String scale = add(name("scale"), List.of(HIDDEN), 0, 1);
        layers.add(Map.of("type", "layer_norm_detached", "scale", scale, "eps", 1e-12));
      }
      inputs = HIDDEN;
    }
    addLinear(inputs, OUTPUTS);
  }

  private void addLinear(int inputs, int outputs) {
    String weight = add(name("weight"), List.of(outputs, inputs), Math.sqrt(2.0 / inputs), 0);
    layers.add(Map.of("type", "linear", "weight", weight));
  }

  private String name(String parameter) {
    return "layers." + layers.size() + "." + parameter;
  }

  /** A tensor of normal values with this standard deviation and mean. */
  private String add(String name, List<Integer> shape, double deviation, double mean) {
    float[] values =
        new float[shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean + deviation * random.nextGaussian());
    }
    long end = bytes + (long) Float.BYTES * values.length;
    header.put(name, Map.of("dtype", "F32", "shape", shape, "data_offsets", List.of(bytes, end)));
    bytes = end;
    tensors.add(values);
    return name;
  }

  private void writeTensors(Path file) throws IOException {
    byte[] json = new ObjectMapper().writeValueAsBytes(header);
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] length = new byte[Long.BYTES];
      littleEndian(ByteBuffer.wrap(length)).putLong(json.length);
      out.write(length);
      out.write(json);
      for (float[] values : tensors) {
        byte[] data = new byte[Float.BYTES * values.length];
        littleEndian(ByteBuffer.wrap(data)).asFloatBuffer().put(values);
        out.write(data);
      }
    }
  }

  private static ByteBuffer littleEndian(ByteBuffer buffer) {
    return buffer.order(ByteOrder.LITTLE_ENDIAN);
  }

  private void writeModel(Path file) throws IOException {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("format", "attribution-bundle/1");
    model.put("name", "wide");
    model.put("version", "1");
    model.put("tolerance", 1e-4);
    model.put("input", Map.of("shape", List.of(COMPONENTS), "features", names("x", FEATURES)));
    model.put("output", Map.of("names", names("z", OUTPUTS)));
    model.put(
        "preprocessing",
        Map.of(
            "mean", "preprocessing.mean",
            "scale", "preprocessing.scale",
            "components", "preprocessing.components"));
    model.put("layers", layers);
    Files.writeString(file, new ObjectMapper().writeValueAsString(model), StandardCharsets.UTF_8);
  }

  private static List<String> names(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
  }
}
