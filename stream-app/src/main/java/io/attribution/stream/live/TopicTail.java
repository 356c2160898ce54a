package io.attribution.stream.live;

import io.attribution.stream.logging.SparseLog;
import io.attribution.stream.serde.RegistryException;
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
 * Reads topics along with a thread of its own and without a group: every instance reads all
 * partitions. Outages of the broker or the registry are waited for; the records come afterwards. A
 * record that cannot be shown is passed over.
 */
final class TopicTail implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicTail.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final long LOOK_FOR_PARTITIONS_MILLIS = 30_000;
  private static final long CLOSE_MILLIS = 3_000;

  /** There is no group to leave: nothing to wait for while the broker is away. */
  private static final Duration GOODBYE = Duration.ofMillis(500);

  private final Supplier<Consumer<byte[], byte[]>> connect;
  private final List<FollowedTopic> topics;
  private final Clock clock;
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private final Thread thread = new Thread(this::run, "live-view");
  private final SparseLog passedOver = SparseLog.onceAMinute(LOG::warn);
  private boolean complained;
  private boolean lookedBefore;
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
        // An Error too: nobody would start this thread again.
        if (!closed) {
          complain(e);
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
      consumer.close(CloseOptions.timeout(GOODBYE));
    }
  }

  private void follow(Consumer<byte[], byte[]> consumer) {
    long nextLook = 0;
    while (!closed) {
      if (clock.millis() >= nextLook) {
        lookForPartitions(consumer);
        nextLook = clock.millis() + LOOK_FOR_PARTITIONS_MILLIS;
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

  /** Assigns what there is now, each partition where it was left or where it begins. */
  private void lookForPartitions(Consumer<byte[], byte[]> consumer) {
    Map<FollowedTopic, List<TopicPartition>> found = new LinkedHashMap<>();
    topics.forEach(topic -> found.put(topic, partitions(consumer, topic.name())));
    List<TopicPartition> all = found.values().stream().flatMap(List::stream).toList();
    if (consumer.assignment().containsAll(all)) {
      return;
    }
    // Before it is asked for their offsets: Kafka warns of answers for others.
    consumer.assign(all);
    found.forEach((topic, partitions) -> begin(consumer, topic, partitions));
    all.forEach(partition -> consumer.seek(partition, positions.getOrDefault(partition, 0L)));
    lookedBefore = true;
  }

  private void begin(
      Consumer<byte[], byte[]> consumer, FollowedTopic topic, List<TopicPartition> partitions) {
    List<TopicPartition> fresh =
        partitions.stream().filter(partition -> !positions.containsKey(partition)).toList();
    if (!fresh.isEmpty()) {
      positions.putAll(starts(consumer, topic, fresh));
    }
  }

  /** A partition that was not there before is read from its beginning. */
  private Map<TopicPartition, Long> starts(
      Consumer<byte[], byte[]> consumer, FollowedTopic topic, List<TopicPartition> fresh) {
    return lookedBefore
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
        if (complained) {
          LOG.warn("the live view reads on");
          complained = false;
        }
        return;
      } catch (RegistryException e) {
        complain(e);
        pause();
      } catch (RuntimeException | Error e) {
        // Read again it would fail again, and no later one would ever be seen.
        passedOver.say(
            "the live view passes over %s-%d@%d: %s"
                .formatted(record.topic(), record.partition(), record.offset(), e));
        return;
      }
    }
  }

  private void complain(Throwable e) {
    if (!complained) {
      complained = true;
      LOG.warn("the live view waits: {}", e.toString());
    }
  }

  private void pause() {
    try {
      if (stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("the live view stops");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }

  /** Stops reading; waits a moment for it. */
  @Override
  public void close() {
    closed = true;
    stopped.countDown();
    try {
      thread.join(CLOSE_MILLIS);
      // It may wait for a broker that is away.
      thread.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
