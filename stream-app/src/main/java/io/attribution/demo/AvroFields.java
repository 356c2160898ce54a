package io.attribution.demo;

import java.util.List;
import org.apache.avro.generic.GenericRecord;

/** Fields of generic records as Java's own types. */
final class AvroFields {
  private AvroFields() {}

  static float[] floats(GenericRecord record, String field) {
    List<?> values = (List<?>) record.get(field);
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (Float) values.get(i);
    }
    return floats;
  }

  static double number(GenericRecord record, String field) {
    return ((Number) record.get(field)).doubleValue();
  }

  static long whole(GenericRecord record, String field) {
    return (Long) record.get(field);
  }
}
