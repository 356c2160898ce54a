package io.attribution.stream.live;

import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/** The offsets to start from: by age, and by number of records. */
final class StartOffsets {
  private final Consumer<byte[], byte[]> consumer;
  private final Clock clock;

  StartOffsets(Consumer<byte[], byte[]> consumer, Clock clock) {
    this.consumer = consumer;
    this.clock = clock;
  }

  Map<TopicPartition, Long> of(FollowedTopic topic, Collection<TopicPartition> partitions) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> byTime = byTime(topic, partitions, ends);
    Map<TopicPartition, Long> starts = new HashMap<>();
    for (TopicPartition partition : partitions) {
      long last =
          Math.max(
              beginnings.getOrDefault(partition, 0L),
              ends.getOrDefault(partition, 0L) - topic.records());
      starts.put(partition, Math.max(last, byTime.getOrDefault(partition, 0L)));
    }
    return starts;
  }

  private Map<TopicPartition, Long> byTime(
      FollowedTopic topic,
      Collection<TopicPartition> partitions,
      Map<TopicPartition, Long> otherwise) {
    if (topic.lookBack().isZero()) {
      return Map.of();
    }
    long from = clock.millis() - topic.lookBack().toMillis();
    Map<TopicPartition, Long> wanted = new HashMap<>();
    partitions.forEach(partition -> wanted.put(partition, from));
    Map<TopicPartition, Long> starts = new HashMap<>();
    for (Map.Entry<TopicPartition, OffsetAndTimestamp> entry :
        consumer.offsetsForTimes(wanted).entrySet()) {
      OffsetAndTimestamp found = entry.getValue();
      starts.put(
          entry.getKey(),
          found == null ? otherwise.getOrDefault(entry.getKey(), 0L) : found.offset());
    }
    return starts;
  }
}
