package io.attribution.stream.webhook;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads alerts, passes them to the lanes of their partitions, and commits completed deliveries. It
 * keeps polling, so that it stays in its group however long a receiver is unreachable: partitions
 * with undelivered alerts are paused.
 */
final class AlertReader {
  private static final Logger LOG = LoggerFactory.getLogger(AlertReader.class);

  /** While a delivery or a retry is pending. */
  private static final Duration BUSY_POLL = Duration.ofMillis(50);

  private static final Duration IDLE_POLL = Duration.ofMillis(500);
  private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(2);

  /** The three timeouts of closing; together below 5 s. */
  private static final Duration LAST_REPLIES = Duration.ofSeconds(1);

  private static final Duration LAST_COMMIT = Duration.ofSeconds(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final Consumer<byte[], byte[]> consumer;
  private final Lanes lanes;

  AlertReader(Consumer<byte[], byte[]> consumer, Lanes lanes) {
    this.consumer = consumer;
    this.lanes = lanes;
  }

  /**
   * Runs until it is stopped, and closes the consumer.
   *
   * @throws org.apache.kafka.common.KafkaException when a new consumer is needed
   */
  void run(String topic, BooleanSupplier stopped) {
    try {
      consumer.subscribe(Set.of(topic), new Rebalance());
      while (!stopped.getAsBoolean()) {
        step();
      }
    } catch (WakeupException e) {
      // close() was called.
    } finally {
      finish();
    }
  }

  private void step() {
    Set<TopicPartition> busy = lanes.busy();
    lanes.add(consumer.poll(busy.isEmpty() ? IDLE_POLL : BUSY_POLL));
    lanes.advance();
    commit(COMMIT_TIMEOUT);
    pause(lanes.busy());
  }

  private void pause(Set<TopicPartition> busy) {
    Set<TopicPartition> wanted = new HashSet<>(busy);
    wanted.retainAll(consumer.assignment());
    Set<TopicPartition> resumed = new HashSet<>(consumer.paused());
    resumed.removeAll(wanted);
    consumer.resume(resumed);
    consumer.pause(wanted);
  }

  /** A commit that fails is retried with the next step. */
  private void commit(Duration timeout) {
    Map<TopicPartition, OffsetAndMetadata> offsets = lanes.committable();
    if (offsets.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(offsets, timeout);
      lanes.committed(offsets);
    } catch (TimeoutException | RebalanceInProgressException e) {
      LOG.debug("commit of alert offsets is retried: {}", e.toString());
    } catch (CommitFailedException e) {
      LOG.warn("alerts may be delivered twice: {}", e.toString());
      lanes.dropAll();
    }
  }

  private void finish() {
    try {
      awaitReplies();
      commitAtLast();
    } catch (RuntimeException e) {
      LOG.warn("alerts may be delivered twice: {}", e.toString());
    } finally {
      lanes.dropAll();
      consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
    }
  }

  /** The wakeup that stops reading may interrupt the first commit instead. */
  private void commitAtLast() {
    try {
      commit(LAST_COMMIT);
    } catch (WakeupException e) {
      commit(LAST_COMMIT);
    }
  }

  private void awaitReplies() {
    long deadline = System.nanoTime() + LAST_REPLIES.toNanos();
    while (lanes.isInFlight() && System.nanoTime() < deadline) {
      try {
        Thread.sleep(BUSY_POLL.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    lanes.takeReplies();
  }

  private final class Rebalance implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      lanes.takeReplies();
      commit(COMMIT_TIMEOUT);
      lanes.drop(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      lanes.drop(partitions);
    }
  }
}
