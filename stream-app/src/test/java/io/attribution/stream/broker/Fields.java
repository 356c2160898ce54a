package io.attribution.stream.broker;

import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;

/** Fields of records as a generic Avro reader gives them. */
final class Fields {
  private Fields() {}

  static GenericRecord value(ConsumerRecord<byte[], Object> output) {
    return (GenericRecord) output.value();
  }

  /** Where the input stands, as partition@offset. */
  static String position(ConsumerRecord<byte[], Object> output) {
    GenericRecord source = (GenericRecord) value(output).get("source");
    return source.get("partition") + "@" + source.get("offset");
  }

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
    return ((Number) record.get(field)).longValue();
  }

  /** Names and values, in order. */
  static List<String> texts(Headers headers) {
    return java.util.Arrays.stream(headers.toArray()).map(Fields::text).toList();
  }

  static String text(Header header) {
    return header.key() + "=" + (header.value() == null ? null : Bytes.wrap(header.value()));
  }
}
