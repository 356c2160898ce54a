package io.attribution.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the safetensors format: an 8-byte little-endian header length, a JSON header that gives
 * every tensor's type, shape and byte range, then the bytes.
 */
final class Safetensors {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LENGTH_BYTES = Long.BYTES;

  private Safetensors() {}

  /**
   * @return the float32 tensors of the file by name
   * @throws BundleException when the file is missing, damaged, or holds another type
   */
  static Map<String, Tensor> read(Path file) {
    try {
      return parse(file, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new BundleException(file + ": cannot be read (" + e.getMessage() + ")", e);
    }
  }

  private static Map<String, Tensor> parse(Path file, byte[] content) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    long headerLength = bytes.limit() < LENGTH_BYTES ? -1 : bytes.getLong(0);
    if (headerLength < 2 || headerLength > bytes.limit() - LENGTH_BYTES) {
      throw new BundleException(file + ": not a safetensors file (its header length is damaged)");
    }
    JsonNode header = JSON.readTree(content, LENGTH_BYTES, (int) headerLength);
    ByteBuffer data =
        bytes.position(LENGTH_BYTES + (int) headerLength).slice().order(ByteOrder.LITTLE_ENDIAN);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    header
        .properties()
        .forEach(
            entry -> {
              if (!entry.getKey().equals("__metadata__")) {
                tensors.put(entry.getKey(), tensor(file, entry.getKey(), entry.getValue(), data));
              }
            });
    return Collections.unmodifiableMap(tensors);
  }

  private static Tensor tensor(Path file, String name, JsonNode entry, ByteBuffer data) {
    String where = file + ": tensor '" + name + "'";
    String type = entry.path("dtype").asText();
    if (!type.equals("F32")) {
      throw new BundleException(where + " has type " + type + "; export it as float32 (F32)");
    }
    List<Integer> shape = new ArrayList<>();
    entry.path("shape").forEach(axis -> shape.add(axis.asInt()));
    long begin = entry.path("data_offsets").path(0).asLong(-1);
    long end = entry.path("data_offsets").path(1).asLong(-1);
    if (begin < 0 || end > data.limit() || end - begin != 4L * Tensor.size(shape)) {
      throw new BundleException(where + " does not fill its shape " + shape + "; export it again");
    }
    float[] values = new float[Tensor.size(shape)];
    data.slice((int) begin, (int) (end - begin))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return new Tensor(shape, values);
  }
}
