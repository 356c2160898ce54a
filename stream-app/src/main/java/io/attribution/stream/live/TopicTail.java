package io.attribution.stream.live;

import io.attribution.stream.logging.SparseLog;
import io.attribution.stream.registry.RegistryException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows topics with a thread of its own and without a group: every instance reads all partitions.
 * During an outage of the broker or the registry it retries, and then resumes where it stopped. A
 * record that cannot be shown is skipped.
 */
final class TopicTail implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicTail.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);
  private static final long PARTITION_REFRESH_MILLIS = 30_000;
  private static final long CLOSE_MILLIS = 3_000;

  /** There is no group to leave, so nothing to wait for while the broker is unreachable. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);

  private final Supplier<Consumer<byte[], byte[]>> connect;
  private final List<FollowedTopic> topics;
  private final Clock clock;
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private final Thread thread = new Thread(this::run, "live-view");
  private final SparseLog skipped = SparseLog.onceAMinute(LOG::warn);
  private boolean inOutage;
  private boolean hasAssigned;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean closed;

  /**
   * @param connect makes a consumer without a group; called again after a fault
   */
  TopicTail(Supplier<Consumer<byte[], byte[]>> connect, List<FollowedTopic> topics, Clock clock) {
    this.connect = connect;
    this.topics = List.copyOf(topics);
    this.clock = clock;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!closed) {
      try {
        connectAndFollow();
      } catch (RuntimeException | Error e) {
        // Errors too: this thread is not started again.
        if (!closed) {
          logOutage(e);
          pause();
        }
      }
    }
  }

  private void connectAndFollow() {
    Consumer<byte[], byte[]> consumer = connect.get();
    try {
      follow(consumer);
    } finally {
      consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
    }
  }

  private void follow(Consumer<byte[], byte[]> consumer) {
    long nextRefresh = 0;
    while (!closed) {
      if (clock.millis() >= nextRefresh) {
        refreshPartitions(consumer);
        nextRefresh = clock.millis() + PARTITION_REFRESH_MILLIS;
      }
      if (consumer.assignment().isEmpty()) {
        pause();
        continue;
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        handle(record);
        positions.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
      }
    }
  }

  /** Assigns all current partitions, each at its last position or at its start. */
  private void refreshPartitions(Consumer<byte[], byte[]> consumer) {
    Map<FollowedTopic, List<TopicPartition>> found = new LinkedHashMap<>();
    topics.forEach(topic -> found.put(topic, partitions(consumer, topic.name())));
    List<TopicPartition> all = found.values().stream().flatMap(List::stream).toList();
    if (consumer.assignment().containsAll(all)) {
      return;
    }
    // Before their offsets are requested: Kafka warns of responses for unassigned partitions.
    consumer.assign(all);
    found.forEach((topic, partitions) -> begin(consumer, topic, partitions));
    all.forEach(partition -> consumer.seek(partition, positions.getOrDefault(partition, 0L)));
    hasAssigned = true;
  }

  private void begin(
      Consumer<byte[], byte[]> consumer, FollowedTopic topic, List<TopicPartition> partitions) {
    List<TopicPartition> fresh =
        partitions.stream().filter(partition -> !positions.containsKey(partition)).toList();
    if (!fresh.isEmpty()) {
      positions.putAll(starts(consumer, topic, fresh));
    }
  }

  /** A partition that was added later is read from its beginning. */
  private Map<TopicPartition, Long> starts(
      Consumer<byte[], byte[]> consumer, FollowedTopic topic, List<TopicPartition> fresh) {
    return hasAssigned
        ? consumer.beginningOffsets(fresh)
        : new StartOffsets(consumer, clock).of(topic, fresh);
  }

  private static List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer, String topic) {
    List<PartitionInfo> partitions = consumer.partitionsFor(topic);
    return partitions == null
        ? List.of()
        : partitions.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
  }

  private void handle(ConsumerRecord<byte[], byte[]> record) {
    while (!closed) {
      try {
        topics.stream()
            .filter(topic -> topic.name().equals(record.topic()))
            .forEach(topic -> topic.sink().accept(record));
        if (inOutage) {
          LOG.warn("live view resumed");
          inOutage = false;
        }
        return;
      } catch (RegistryException e) {
        logOutage(e);
        pause();
      } catch (RuntimeException | Error e) {
        // A retry would fail as well, and hold up all later records.
        skipped.say(
            "live view: skipped %s-%d@%d: %s"
                .formatted(record.topic(), record.partition(), record.offset(), e));
        return;
      }
    }
  }

  private void logOutage(Throwable e) {
    if (!inOutage) {
      inOutage = true;
      LOG.warn("live view interrupted, retrying: {}", e.toString());
    }
  }

  private void pause() {
    try {
      if (stopped.await(RETRY_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("live view stopped");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }

  /** Stops reading; waits up to 3 s for the thread. */
  @Override
  public void close() {
    closed = true;
    stopped.countDown();
    try {
      thread.join(CLOSE_MILLIS);
      // It may be waiting for a broker that is unreachable.
      thread.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
