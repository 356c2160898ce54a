package io.attribution.stream.topology;

import io.attribution.drift.Origin;
import io.attribution.engine.attribution.Rejected;
import io.attribution.engine.attribution.Rejected.Reason;
import io.attribution.stream.models.Texts;
import io.attribution.stream.pending.InputRecord;
import io.attribution.stream.topics.TopicLimits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters: the input's own key, value, timestamp and headers, with headers that say why and
 * where from. Those headers have the names of Kafka Streams' own dead letters (KIP-1034), so that
 * existing tools read them. The reason's label is our own.
 */
public final class DeadLetters {
  /** The reason's label, such as wrong_length. */
  public static final String REASON = "attribution.error.reason";

  public static final String MESSAGE = "__streams.errors.message";
  public static final String TOPIC = "__streams.errors.topic";
  public static final String PARTITION = "__streams.errors.partition";
  public static final String OFFSET = "__streams.errors.offset";

  /** The record's timestamp, in milliseconds, where the dead-letter topic refuses it. */
  public static final String TIMESTAMP = "attribution.error.timestamp";

  /**
   * A message may quote the record: bounded, so that a letter is not much larger than its record.
   */
  private static final int LONGEST_MESSAGE = 1_000;

  private static final int LONGEST_KEY_OF_TOO_LARGE = 1_024;

  private DeadLetters() {}

  /**
   * @return everything of the record and why it was rejected; of one that is too large to be sent
   *     again, its key, where that is short, and where the record is to be found
   */
  static Record<byte[], byte[]> of(InputRecord input, Rejected rejected) {
    boolean whole = rejected.reason() != Reason.TOO_LARGE;
    Headers headers = whole ? new RecordHeaders(input.headers()) : new RecordHeaders();
    add(headers, REASON, rejected.reason().label());
    add(headers, MESSAGE, Texts.shortened(rejected.detail(), LONGEST_MESSAGE));
    add(headers, TOPIC, input.origin().topic());
    add(headers, PARTITION, String.valueOf(input.origin().partition()));
    add(headers, OFFSET, String.valueOf(input.origin().offset()));
    return whole
        ? input.output(input.value()).withHeaders(headers)
        : new Record<>(shortKey(input), null, input.timestamp(), headers);
  }

  /**
   * The letter as the topic takes it.
   *
   * @param limits of the dead-letter topic
   * @param refused how often the topic refused this letter: after the first time it is shortened
   * @param now milliseconds since the epoch
   */
  public static ProducerRecord<byte[], byte[]> fitted(
      ProducerRecord<byte[], byte[]> letter, TopicLimits limits, int refused, long now) {
    boolean whole = refused == 0;
    long timestamp = whole ? limits.nearest(letter.timestamp(), now) : now;
    byte[] key = letter.key();
    boolean needsKey = !whole || (limits.compacted() && key == null);
    if (!needsKey && timestamp == letter.timestamp()) {
      return letter;
    }
    Headers headers = whole ? new RecordHeaders(letter.headers()) : own(letter.headers());
    add(headers, TIMESTAMP, String.valueOf(letter.timestamp()));
    return new ProducerRecord<>(
        letter.topic(),
        letter.partition(),
        timestamp,
        // The position is unique: no other letter replaces it.
        needsKey ? source(letter.headers()).toString().getBytes(StandardCharsets.UTF_8) : key,
        whole ? letter.value() : null,
        headers);
  }

  private static Headers own(Headers headers) {
    Headers own = new RecordHeaders();
    for (String name : List.of(REASON, MESSAGE, TOPIC, PARTITION, OFFSET)) {
      own.add(name, headers.lastHeader(name).value());
    }
    return own;
  }

  /** The position of a dead letter's record. */
  public static Origin source(Headers letter) {
    return new Origin(
        text(letter, TOPIC),
        Integer.parseInt(text(letter, PARTITION)),
        Long.parseLong(text(letter, OFFSET)));
  }

  private static String text(Headers headers, String name) {
    return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static byte @Nullable [] shortKey(InputRecord input) {
    byte[] key = input.key();
    return key == null || key.length > LONGEST_KEY_OF_TOO_LARGE ? null : key;
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
