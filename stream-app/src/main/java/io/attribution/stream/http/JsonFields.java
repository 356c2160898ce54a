package io.attribution.stream.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.attribution.drift.Origin;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Fields that JSON has no type of its own for. */
final class JsonFields {
  private JsonFields() {}

  /** How one value of a list is written. */
  @FunctionalInterface
  interface Writer<T> {
    void write(JsonGenerator json, T value) throws IOException;
  }

  /** Null where the number is not finite: JSON has none of these. */
  static void number(JsonGenerator json, String name, double value) throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumberField(name, value);
    } else {
      json.writeNullField(name);
    }
  }

  static void optional(JsonGenerator json, String name, Optional<String> value) throws IOException {
    json.writeFieldName(name);
    if (value.isPresent()) {
      json.writeString(value.get());
    } else {
      json.writeNull();
    }
  }

  static void id(JsonGenerator json, String name, Origin origin) throws IOException {
    json.writeStringField(name, origin.toString());
  }

  /** A field that holds a list. */
  static <T> void list(JsonGenerator json, String name, List<T> values, Writer<T> writer)
      throws IOException {
    json.writeFieldName(name);
    list(json, values, writer);
  }

  static <T> void list(JsonGenerator json, List<T> values, Writer<T> writer) throws IOException {
    json.writeStartArray();
    for (T value : values) {
      writer.write(json, value);
    }
    json.writeEndArray();
  }
}
