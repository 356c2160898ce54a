package io.attribution.stream.serde;

import io.attribution.drift.Origin;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;

/** Fields of generic records as Java's own types. */
public final class AvroFields {
  private AvroFields() {}

  /** An array of floats. */
  public static float[] floats(GenericRecord record, String field) {
    List<?> values = (List<?>) record.get(field);
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (Float) values.get(i);
    }
    return floats;
  }

  /** A number of any kind. */
  public static double number(GenericRecord record, String field) {
    return ((Number) record.get(field)).doubleValue();
  }

  /** A long. */
  public static long whole(GenericRecord record, String field) {
    return (Long) record.get(field);
  }

  /** A string. */
  public static String text(GenericRecord record, String field) {
    return String.valueOf(record.get(field));
  }

  /** A union of null and string. */
  public static Optional<String> optionalText(GenericRecord record, String field) {
    return Optional.ofNullable(record.get(field)).map(Object::toString);
  }

  /** A SourcePosition. */
  public static Origin origin(GenericRecord position) {
    return new Origin(
        text(position, "topic"), (Integer) position.get("partition"), whole(position, "offset"));
  }
}
