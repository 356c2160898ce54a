package io.attribution.engine.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Reads the safetensors format: an 8-byte little-endian header length, a JSON header with every
 * tensor's type, shape and byte range, then the bytes.
 */
final class Safetensors {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final int LENGTH_BYTES = Long.BYTES;
  private static final String METADATA = "__metadata__";

  /** A file without tensors. */
  static final Safetensors NONE = new Safetensors(JSON.createObjectNode(), ByteBuffer.allocate(0));

  private final JsonNode header;
  private final ByteBuffer data;

  private Safetensors(JsonNode header, ByteBuffer data) {
    this.header = header;
    this.data = data;
  }

  /**
   * @throws BundleException when the file is missing or is no safetensors file
   */
  static Safetensors read(Path file) {
    try {
      if (Files.size(file) > Integer.MAX_VALUE - LENGTH_BYTES) {
        throw new BundleException(file + ": is larger than the 2 GiB that this version reads");
      }
      return parse(file, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new BundleException(file + ": cannot be read (" + e.getMessage() + ")", e);
    }
  }

  private static Safetensors parse(Path file, byte[] content) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    long length = bytes.limit() < LENGTH_BYTES ? -1 : bytes.getLong(0);
    if (length < 2 || length > bytes.limit() - LENGTH_BYTES) {
      throw new BundleException(
          file + ": not a safetensors file, or cut short (its header does not fit in it)");
    }
    JsonNode header = header(file, content, (int) length);
    return new Safetensors(header, bytes.position(LENGTH_BYTES + (int) length).slice());
  }

  private static JsonNode header(Path file, byte[] content, int length) throws IOException {
    try {
      JsonNode header = JSON.readTree(content, LENGTH_BYTES, length);
      if (header.isObject()) {
        return header;
      }
      throw new BundleException(file + ": its header is not a JSON object; export it again");
    } catch (JsonProcessingException e) {
      throw new BundleException(
          file + ": its header is not JSON (" + e.getOriginalMessage() + "); export it again", e);
    }
  }

  /** The tensors' names, in the file's order. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    header.fieldNames().forEachRemaining(names::add);
    names.remove(METADATA);
    return names;
  }

  /**
   * @param name one of {@link #names()}
   * @throws IllegalArgumentException when it is damaged or not float32; says in which way
   */
  Tensor tensor(String name) {
    JsonNode entry = header.path(name);
    String type = entry.path("dtype").asText();
    if (!type.equals("F32")) {
      throw new IllegalArgumentException("has type '" + type + "'; export it as float32 (F32)");
    }
    List<Integer> shape = shape(entry.path("shape"));
    ByteBuffer bytes = bytes(entry.path("data_offsets"));
    // As doubles, products beyond any file's size cannot wrap around to a size that fits.
    double needed = shape.stream().mapToDouble(axis -> axis).reduce(Float.BYTES, (a, b) -> a * b);
    if (bytes.capacity() != needed) {
      throw new IllegalArgumentException(
          "has " + bytes.capacity() + " bytes, which are not its shape " + shape);
    }
    float[] values = new float[bytes.capacity() / Float.BYTES];
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return new Tensor(shape, values);
  }

  private static List<Integer> shape(JsonNode axes) {
    List<Integer> shape = new ArrayList<>();
    for (JsonNode axis : axes) {
      shape.add(natural(axis).orElse(0));
    }
    if (!axes.isArray() || shape.contains(0)) {
      throw new IllegalArgumentException("has the impossible shape " + axes);
    }
    return shape;
  }

  private ByteBuffer bytes(JsonNode offsets) {
    int begin = natural(offsets.path(0)).orElse(Integer.MAX_VALUE);
    int end = natural(offsets.path(1)).orElse(Integer.MIN_VALUE);
    if (begin > end || end > data.limit()) {
      throw new IllegalArgumentException(
          "is at bytes " + offsets + " of " + data.limit() + "; the file may have been cut short");
    }
    return data.slice(begin, end - begin);
  }

  private static OptionalInt natural(JsonNode node) {
    boolean fits = node.isIntegralNumber() && node.canConvertToInt() && node.intValue() >= 0;
    return fits ? OptionalInt.of(node.intValue()) : OptionalInt.empty();
  }
}
