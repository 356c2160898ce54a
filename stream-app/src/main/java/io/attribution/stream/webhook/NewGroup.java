package io.attribution.stream.webhook;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Start offsets of a group that never committed: the current end, so that old alerts page nobody.
 * They are committed at once, instead of left to auto.offset.reset: alerts that come before the
 * first delivery, or while the application is stopped, are then delivered.
 */
final class NewGroup {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private NewGroup() {}

  /**
   * Commits the current end of all partitions, unless the group has committed before.
   *
   * @param consumer of the group, not subscribed
   */
  static void begin(Consumer<byte[], byte[]> consumer, String topic) {
    Set<TopicPartition> all =
        consumer.partitionsFor(topic, TIMEOUT).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .collect(Collectors.toSet());
    Map<TopicPartition, OffsetAndMetadata> known = consumer.committed(all, TIMEOUT);
    List<TopicPartition> fresh = all.stream().filter(p -> known.get(p) == null).toList();
    // A group that committed some partitions reads the others, which are new, from their start.
    if (fresh.size() < all.size()) {
      return;
    }
    // Before their ends are requested: read_committed positions exist for these only.
    consumer.assign(fresh);
    Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
    consumer
        .endOffsets(fresh, TIMEOUT)
        .forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end)));
    commit(consumer, ends);
  }

  private static void commit(
      Consumer<byte[], byte[]> consumer, Map<TopicPartition, OffsetAndMetadata> ends) {
    try {
      consumer.commitSync(ends, TIMEOUT);
    } catch (CommitFailedException e) {
      // The group has members by now: one of them has committed.
    } finally {
      consumer.unsubscribe();
    }
  }
}
