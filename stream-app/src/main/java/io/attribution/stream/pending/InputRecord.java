package io.attribution.stream.pending;

import io.attribution.drift.Origin;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * An input record with everything that must survive batching, captured on arrival: when its batch
 * is drained, the processor context belongs to another record. Nothing is copied: every Kafka
 * Streams record has its own headers, and so has every output of this one.
 */
public final class InputRecord {
  private final byte @Nullable [] key;
  private final byte @Nullable [] value;
  private final long timestamp;
  private final Headers headers;
  private final Origin origin;
  private long bytes;

  public InputRecord(
      byte @Nullable [] key,
      byte @Nullable [] value,
      long timestamp,
      Headers headers,
      Origin origin) {
    this.key = key;
    this.value = value;
    this.timestamp = timestamp;
    this.headers = headers;
    this.origin = origin;
  }

  public static InputRecord of(Record<byte[], byte[]> record, RecordMetadata position) {
    return new InputRecord(
        record.key(),
        record.value(),
        record.timestamp(),
        record.headers(),
        new Origin(position.topic(), position.partition(), position.offset()));
  }

  public byte @Nullable [] key() {
    return key;
  }

  public byte @Nullable [] value() {
    return value;
  }

  /** Milliseconds since the epoch. */
  public long timestamp() {
    return timestamp;
  }

  public Headers headers() {
    return headers;
  }

  public Origin origin() {
    return origin;
  }

  /** The size of the stored record: key, value, headers and position. */
  public long bytes() {
    if (bytes == 0) {
      bytes = InputRecordSerde.size(this);
    }
    return bytes;
  }

  /** An output with this record's key, timestamp and headers. */
  public <V> Record<byte[], V> output(@Nullable V output) {
    return new Record<>(key, output, timestamp, headers);
  }
}
