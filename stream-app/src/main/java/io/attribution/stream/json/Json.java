package io.attribution.stream.json;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Builds and writes JSON documents: UTF-8, numbers as their shortest decimals. Vectors are put into
 * a document as Java arrays (putPOJO) and written from there, without a node for each number.
 */
public final class Json {
  /** Java 17's own Float.toString is not always the shortest; Jackson's writer is. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              new JsonFactoryBuilder()
                  .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                  .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                  .rootValueSeparator("")
                  .build())
          .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
          .build();

  private Json() {}

  /** An object without fields. */
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** The documents of a list. */
  public static <T> ArrayNode array(List<T> values, Function<T, JsonNode> document) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode(values.size());
    values.forEach(value -> array.add(document.apply(value)));
    return array;
  }

  /** The number; null, which becomes JSON's null, where JSON has no number for it. */
  public static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  /**
   * A matrix as an array of its rows.
   *
   * @param values row-major; not copied
   */
  public static JsonSerializable matrix(float[] values, int columns) {
    return new Matrix(values, columns);
  }

  /** A document in UTF-8. */
  public static byte[] bytes(JsonNode document) {
    try {
      return MAPPER.writeValueAsBytes(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a document in memory can always be written", e);
    }
  }

  /**
   * A generator that takes whole documents ({@link JsonGenerator#writeTree}); flushes, but does not
   * close, the stream when it is closed.
   */
  public static JsonGenerator generator(OutputStream stream) throws IOException {
    return MAPPER.createGenerator(stream);
  }

  private static final class Matrix extends JsonSerializable.Base {
    private final float[] values;
    private final int columns;

    Matrix(float[] values, int columns) {
      this.values = values;
      this.columns = columns;
    }

    @Override
    public void serialize(JsonGenerator json, SerializerProvider provider) throws IOException {
      json.writeStartArray();
      for (int from = 0; from < values.length; from += columns) {
        json.writeStartArray();
        for (int i = from; i < from + columns; i++) {
          json.writeNumber(values[i]);
        }
        json.writeEndArray();
      }
      json.writeEndArray();
    }

    @Override
    public void serializeWithType(
        JsonGenerator json, SerializerProvider provider, TypeSerializer type) throws IOException {
      serialize(json, provider);
    }
  }
}
