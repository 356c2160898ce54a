package io.attribution.stream.live;

import io.attribution.schema.AttributionSample;
import io.attribution.schema.DriftAlert;
import io.attribution.schema.VerificationMetric;
import io.attribution.schema.VerificationWindow;
import io.attribution.stream.registry.Registry;
import io.attribution.stream.serde.RecordReader;
import io.attribution.stream.topics.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Keeps a {@link LiveState} up to date from the topics. */
public final class LiveView implements AutoCloseable {
  private static final Duration MINUTES = Duration.ofMinutes(10);
  private static final Duration HOURS = Duration.ofHours(2);
  private static final long RECORDS = 10_000;

  /** Alerts are few, and one that has been open for long matters most: no limit by age. */
  private static final long ALERTS = 1000;

  private final LiveState state;
  private final Registry registry;
  private final TopicTail tail;

  /** Which outputs are on. */
  public record Followed(boolean verification, boolean drift) {}

  /**
   * @param consumer settings of a consumer without a group, with the user's for security
   * @param registry with a short timeout: {@link TopicTail} retries anyway
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
              VerificationMetric.class,
              (batch, time) -> state.addBatch(batch)));
    }
    if (followed.drift()) {
      all.add(topic(topics.samples(), MINUTES, RECORDS, AttributionSample.class, state::addSample));
      all.add(
          topic(
              topics.windows(),
              HOURS,
              RECORDS,
              VerificationWindow.class,
              (window, time) -> state.addWindow(window)));
      all.add(
          topic(
              topics.alerts(),
              Duration.ZERO,
              ALERTS,
              DriftAlert.class,
              (alert, time) -> state.addAlert(alert)));
    }
    return all;
  }

  private <T extends SpecificRecord> FollowedTopic topic(
      String name, Duration lookBack, long records, Class<T> type, BiConsumer<T, Long> sink) {
    RecordReader<T> reader = new RecordReader<>(registry, type);
    return new FollowedTopic(
        name,
        lookBack,
        records,
        record ->
            reader.read(record.value()).ifPresent(value -> sink.accept(value, record.timestamp())));
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

  /** Starts reading; returns at once. */
  public void start() {
    tail.start();
  }

  @Override
  public void close() {
    tail.close();
  }
}
