package io.attribution.stream.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.OutputStream;

/** How every result is written: UTF-8, one value per line, numbers as their shortest decimals. */
public final class JsonOutput {
  /** Java 17's own Float.toString is not always the shortest; Jackson's writer is. */
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .rootValueSeparator("")
          .build();

  private JsonOutput() {}

  /** A generator that flushes, but does not close, the stream when it is closed. */
  public static JsonGenerator to(OutputStream stream) throws IOException {
    return JSON.createGenerator(stream);
  }

  /** Values [from, to) as an array. */
  public static void vector(JsonGenerator json, float[] values, int from, int to)
      throws IOException {
    json.writeStartArray();
    for (int i = from; i < to; i++) {
      json.writeNumber(values[i]);
    }
    json.writeEndArray();
  }

  /** A field that holds an array. */
  public static void vector(JsonGenerator json, String name, float[] values) throws IOException {
    json.writeFieldName(name);
    vector(json, values, 0, values.length);
  }
}
