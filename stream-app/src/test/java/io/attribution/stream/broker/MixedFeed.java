package io.attribution.stream.broker;

import io.attribution.stream.broker.Sent.Fate;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Real rows of both examples with bad records in between, in an order that is the same every time.
 * Keys, headers and writer schemas are as various as the wire format allows.
 */
final class MixedFeed {
  private static final long SEED = 7;
  private static final int TIMES_EACH_BAD_VALUE = 3;

  /** Recent: records older than the topics' retention are deleted while the test runs. */
  private final long firstTimestamp = System.currentTimeMillis();

  private final Map<Example, List<float[]>> rows = new EnumMap<>(Example.class);
  private final List<Planned> planned = new ArrayList<>();
  private final List<Sent> sent = new ArrayList<>();

  private record Planned(Optional<ByteBuffer> value, Fate fate) {}

  private MixedFeed(int digits, int wdbc) {
    rows.put(Example.DIGITS, Example.DIGITS.rows(digits));
    rows.put(Example.WDBC, Example.WDBC.rows(wdbc));
  }

  /** Writes the records and waits until the broker has them. */
  static MixedFeed send(Endpoints endpoints, String topic, int digits, int wdbc) throws Exception {
    MixedFeed feed = new MixedFeed(digits, wdbc);
    try (FeatureValues values = new FeatureValues(endpoints, topic)) {
      feed.plan(values);
    }
    Collections.shuffle(feed.planned, new Random(SEED));
    try (KafkaProducer<byte[], byte[]> producer = endpoints.producer()) {
      feed.send(producer, topic);
    }
    return feed;
  }

  private void plan(FeatureValues values) {
    rows.forEach(
        (example, all) -> {
          for (int i = 0; i < all.size(); i++) {
            planned.add(explained(values, example, i));
          }
        });
    for (int time = 0; time < TIMES_EACH_BAD_VALUE; time++) {
      BadValue.all(values, rows.get(Example.DIGITS).get(time))
          .forEach(bad -> planned.add(new Planned(bad.value(), new Fate.Refused(bad.reason()))));
    }
  }

  private Planned explained(FeatureValues values, Example example, int row) {
    float[] features = rows.get(example).get(row);
    boolean isDefault = example == Example.DIGITS;
    Optional<String> model = Optional.of(example.model()).filter(m -> !isDefault || row % 3 == 0);
    Optional<String> recordId = Optional.of(example + "/" + row).filter(id -> row % 2 == 0);
    if (isDefault && row % 10 == 9) {
      return planned(
          values.wholeNumbers(features), new Fate.Explained(example, row, Optional.empty()));
    }
    byte[] value =
        row % 10 == 8
            ? values.newer(features, model, recordId)
            : values.row(features, model, recordId);
    return planned(value, new Fate.Explained(example, row, recordId));
  }

  private static Planned planned(byte[] value, Fate fate) {
    return new Planned(Optional.of(ByteBuffer.wrap(value)), fate);
  }

  private void send(KafkaProducer<byte[], byte[]> producer, String topic) throws Exception {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    List<Future<RecordMetadata>> acknowledged = new ArrayList<>();
    for (int i = 0; i < planned.size(); i++) {
      records.add(
          new ProducerRecord<>(
              topic,
              null,
              firstTimestamp + i,
              key(i),
              planned.get(i).value().map(ByteBuffer::array).orElse(null),
              headers(i)));
      acknowledged.add(producer.send(records.get(i)));
    }
    for (int i = 0; i < planned.size(); i++) {
      RecordMetadata at = acknowledged.get(i).get();
      String position = at.partition() + "@" + at.offset();
      sent.add(new Sent(records.get(i), position, planned.get(i).fate()));
    }
  }

  /** Text, bytes that are no text, the same key again, or none. */
  private static byte[] key(int i) {
    return switch (i % 10) {
      case 3 -> null;
      case 5 -> new byte[] {(byte) 0xff, 0, (byte) i};
      case 7 -> "the same".getBytes(StandardCharsets.UTF_8);
      default -> ("key-" + i).getBytes(StandardCharsets.UTF_8);
    };
  }

  /** None, one, or several: one name twice, one without a value, one of bytes that are no text. */
  private static List<Header> headers(int i) {
    byte[] trace = ("trace-" + i).getBytes(StandardCharsets.UTF_8);
    return switch (i % 4) {
      case 0 -> List.of();
      case 1 -> List.of(new RecordHeader("trace", trace));
      default ->
          List.of(
              new RecordHeader("trace", trace),
              new RecordHeader("empty", (byte[]) null),
              new RecordHeader("trace", new byte[] {(byte) 0xfe, 0}));
    };
  }

  /** The rows of an example, by the numbers in {@link Fate.Explained}. */
  List<float[]> rows(Example example) {
    return rows.get(example);
  }

  List<Sent> sent() {
    return sent;
  }

  List<Sent> explained() {
    return sent.stream().filter(Sent::isExplained).toList();
  }

  List<Sent> refused() {
    return sent.stream().filter(record -> !record.isExplained()).toList();
  }
}
