package io.attribution.benchmarks.engine;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attribution.engine.bundle.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes the safetensors format: header length, JSON header, then the tensors' bytes. */
final class SafetensorsFile {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private SafetensorsFile() {}

  static void write(Path file, Map<String, Tensor> tensors) throws IOException {
    ObjectNode header = JSON.createObjectNode();
    int size = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      ObjectNode description = header.putObject(entry.getKey()).put("dtype", "F32");
      ArrayNode shape = description.putArray("shape");
      tensor.shape().forEach(shape::add);
      int end = size + tensor.values().length * Float.BYTES;
      description.putArray("data_offsets").add(size).add(end);
      size = end;
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES + json.length + size).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    tensors
        .values()
        .forEach(
            tensor -> {
              for (float value : tensor.values()) {
                bytes.putFloat(value);
              }
            });
    Files.write(file, bytes.array());
  }
}
