package io.attribution.cluster.check;

import io.attribution.cluster.feed.Feed;
import io.attribution.cluster.feed.FeedRecord;
import io.attribution.cluster.feed.Ledger;
import io.attribution.cluster.feed.WriterSchema;
import io.attribution.drift.Origin;
import io.attribution.stream.serde.Schemas;
import io.attribution.stream.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** The outputs of a faultless application, made without one, for a test to spoil. */
final class SyntheticOutputs {
  static final Topics TOPICS = Topics.DEFAULT;
  private static final int PARTITIONS = 3;

  final Feed feed =
      new Feed(
          7,
          1_800_000_000_000L,
          IntStream.range(0, 50).mapToObj(row -> new float[] {row, -row}).toList(),
          new WriterSchema(1, Schemas.FEATURE_RECORD));
  final Ledger ledger = new Ledger(PARTITIONS);
  final List<Output> projected = new ArrayList<>();
  final List<Output> reduced = new ArrayList<>();
  final List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
  final long[] verified = new long[PARTITIONS];

  /** An output and what stands in it. */
  record Output(ConsumerRecord<byte[], byte[]> record, Explanation explanation) {
    Output with(ConsumerRecord<byte[], byte[]> other) {
      return new Output(other, explanation);
    }

    Output with(Explanation other) {
      return new Output(record, other);
    }
  }

  SyntheticOutputs(int records) {
    for (int index = 0; index < records; index++) {
      Origin source = new Origin(TOPICS.features(), index % PARTITIONS, index / PARTITIONS);
      ledger.add(source.partition(), source.offset(), index);
      add(source, feed.record(index));
    }
  }

  private void add(Origin source, FeedRecord record) {
    if (record.content().refusal().isPresent()) {
      letters.add(letter(source, record, record.content().refusal().get().label()));
      return;
    }
    projected.add(output(TOPICS.projected(), source, record));
    reduced.add(output(TOPICS.reduced(), source, record));
    verified[source.partition()]++;
  }

  Output output(String topic, Origin source, FeedRecord record) {
    return new Output(
        record(topic, source, record, headers(record), null),
        new Explanation(source, record.recordId(), List.of((float) record.row(), 1f)));
  }

  ConsumerRecord<byte[], byte[]> letter(Origin source, FeedRecord record, String reason) {
    Headers headers = headers(record);
    headers.add("attribution.error.reason", reason.getBytes(StandardCharsets.UTF_8));
    headers.add("__streams.errors.message", new byte[] {'x'});
    headers.add("__streams.errors.topic", source.topic().getBytes(StandardCharsets.UTF_8));
    headers.add("__streams.errors.partition", text(source.partition()));
    headers.add("__streams.errors.offset", text(source.offset()));
    return record(TOPICS.deadLetter(), source, record, headers, feed.refusedValue(record));
  }

  private static byte[] text(long number) {
    return String.valueOf(number).getBytes(StandardCharsets.UTF_8);
  }

  private static Headers headers(FeedRecord record) {
    return new RecordHeaders(record.headers());
  }

  private static ConsumerRecord<byte[], byte[]> record(
      String topic, Origin source, FeedRecord record, Headers headers, byte[] value) {
    byte[] key = record.key().map(k -> k.getBytes(StandardCharsets.UTF_8)).orElse(null);
    return changed(topic, source.partition(), key, headers, record.timestamp(), value);
  }

  static ConsumerRecord<byte[], byte[]> changed(
      String topic, int partition, byte[] key, Headers headers, long timestamp, byte[] value) {
    return new ConsumerRecord<>(
        topic,
        partition,
        0,
        timestamp,
        TimestampType.CREATE_TIME,
        -1,
        -1,
        key,
        value,
        headers,
        Optional.empty());
  }

  CompletenessCheck check(boolean exactlyOnce) {
    CompletenessCheck check = new CompletenessCheck(feed, ledger, TOPICS, exactlyOnce);
    projected.forEach(output -> check.explained(output.record(), output.explanation()));
    reduced.forEach(output -> check.explained(output.record(), output.explanation()));
    letters.forEach(check::refused);
    for (int partition = 0; partition < PARTITIONS; partition++) {
      check.verified(new Origin(TOPICS.features(), partition, 0), verified[partition]);
    }
    return check;
  }
}
