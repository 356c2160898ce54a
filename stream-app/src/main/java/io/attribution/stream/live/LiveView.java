package io.attribution.stream.live;

import io.attribution.stream.serde.RecordReader;
import io.attribution.stream.serde.Registry;
import io.attribution.stream.serde.Schemas;
import io.attribution.stream.topics.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Keeps a {@link LiveState} up to date from the topics. */
public final class LiveView implements AutoCloseable {
  private static final Duration MINUTES = Duration.ofMinutes(10);
  private static final Duration HOURS = Duration.ofHours(2);
  private static final long RECORDS = 10_000;

  /** Alerts are few, and one that has been open for long matters most. */
  private static final long ALERTS = 1000;

  private final LiveState state;
  private final Registry registry;
  private final TopicTail tail;

  /** Which of the topics are written to. */
  public record Followed(boolean verification, boolean drift) {}

  /**
   * @param consumer settings of a consumer without a group, with the user's for security
   * @param registry with little timeout: it is asked again anyway
   */
  public LiveView(
      LiveState state,
      Map<String, Object> consumer,
      Registry registry,
      Topics topics,
      Followed followed) {
    this.state = state;
    this.registry = registry;
    Map<String, Object> settings = settings(consumer);
    this.tail = new TopicTail(() -> connect(settings), follow(topics, followed), Clock.systemUTC());
  }

  private List<FollowedTopic> follow(Topics topics, Followed followed) {
    List<FollowedTopic> all = new ArrayList<>();
    if (followed.verification()) {
      all.add(
          topic(
              topics.verification(),
              MINUTES,
              RECORDS,
              Schemas.VERIFICATION_METRIC,
              (value, time) -> state.addBatch(value)));
    }
    if (followed.drift()) {
      all.add(
          topic(topics.samples(), MINUTES, RECORDS, Schemas.ATTRIBUTION_SAMPLE, state::addSample));
      all.add(
          topic(
              topics.windows(),
              HOURS,
              RECORDS,
              Schemas.VERIFICATION_WINDOW,
              (value, time) -> state.addWindow(value)));
      all.add(
          topic(
              topics.alerts(),
              Duration.ZERO,
              ALERTS,
              Schemas.DRIFT_ALERT,
              (value, time) -> state.addAlert(value)));
    }
    return all;
  }

  private FollowedTopic topic(
      String name,
      Duration lookBack,
      long records,
      Schema schema,
      BiConsumer<GenericRecord, Long> sink) {
    RecordReader reader = new RecordReader(registry, schema);
    return new FollowedTopic(name, lookBack, records, record -> read(record, reader, sink));
  }

  private static void read(
      ConsumerRecord<byte[], byte[]> record,
      RecordReader reader,
      BiConsumer<GenericRecord, Long> sink) {
    reader.read(record.value()).ifPresent(value -> sink.accept(value, record.timestamp()));
  }

  private static Map<String, Object> settings(Map<String, Object> consumer) {
    Map<String, Object> settings = new HashMap<>(consumer);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500);
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    return settings;
  }

  private static Consumer<byte[], byte[]> connect(Map<String, Object> settings) {
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Begins to read; returns at once. */
  public void start() {
    tail.start();
  }

  @Override
  public void close() {
    tail.close();
  }
}
