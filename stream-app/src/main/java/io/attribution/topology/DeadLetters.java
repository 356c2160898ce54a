package io.attribution.topology;

import io.attribution.attribution.Rejected;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Dead letters: the input's own key, value, timestamp and headers, with headers that say why and
 * where from. The names of the latter are those of Kafka Streams' own dead letters (KIP-1034), so
 * that tools which know them work; the reason's short label is ours.
 */
public final class DeadLetters {
  /** The reason's label, such as wrong_length. */
  public static final String REASON = "attribution.error.reason";

  public static final String MESSAGE = "__streams.errors.message";
  public static final String TOPIC = "__streams.errors.topic";
  public static final String PARTITION = "__streams.errors.partition";
  public static final String OFFSET = "__streams.errors.offset";

  private DeadLetters() {}

  static Record<byte[], byte[]> of(InputRecord input, Rejected rejected) {
    Headers headers = new RecordHeaders(input.headers());
    add(headers, REASON, rejected.reason().label());
    add(headers, MESSAGE, rejected.detail());
    add(headers, TOPIC, input.origin().topic());
    add(headers, PARTITION, String.valueOf(input.origin().partition()));
    add(headers, OFFSET, String.valueOf(input.origin().offset()));
    return input.output(input.value()).withHeaders(headers);
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
