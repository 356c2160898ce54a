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
 * Where a group begins that never committed: at the end as of now. Alerts that are older page
 * nobody. Committing it at once, instead of leaving it to auto.offset.reset, keeps alerts that come
 * before the first delivery, or while the application is stopped.
 */
final class NewGroup {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private NewGroup() {}

  /**
   * Commits for the partitions that the group has no offset of.
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
    // A group that knows some partitions reads the others from their beginning: they are new.
    if (fresh.size() < all.size()) {
      return;
    }
    // Before their ends are asked for: read_committed positions are kept for these only.
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
      // The group has members: one of them did this a moment ago.
    } finally {
      consumer.unsubscribe();
    }
  }
}
