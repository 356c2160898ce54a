package io.attribution.stream.webhook;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** A lane for each partition that this instance reads, and the offsets to commit. */
final class Lanes {
  private final Supplier<Lane> newLane;
  private final Map<TopicPartition, Lane> lanes = new HashMap<>();
  private final Map<TopicPartition, Long> committed = new HashMap<>();

  Lanes(Supplier<Lane> newLane) {
    this.newLane = newLane;
  }

  void add(ConsumerRecords<byte[], byte[]> records) {
    for (TopicPartition partition : records.partitions()) {
      lanes.computeIfAbsent(partition, p -> newLane.get()).add(records.records(partition));
    }
  }

  void advance() {
    lanes.values().forEach(Lane::advance);
  }

  /** Partitions with undelivered alerts: no more may be read of them now. */
  Set<TopicPartition> busy() {
    Set<TopicPartition> busy = new HashSet<>();
    lanes.forEach(
        (partition, lane) -> {
          if (!lane.isIdle()) {
            busy.add(partition);
          }
        });
    return busy;
  }

  boolean isInFlight() {
    return lanes.values().stream().anyMatch(Lane::isInFlight);
  }

  void takeReplies() {
    lanes.values().forEach(Lane::takeReply);
  }

  /** Completed deliveries that are not committed yet. */
  Map<TopicPartition, OffsetAndMetadata> committable() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    lanes.forEach(
        (partition, lane) ->
            lane.committable()
                .ifPresent(
                    offset -> {
                      if (committed.getOrDefault(partition, -1L) != offset) {
                        offsets.put(partition, new OffsetAndMetadata(offset));
                      }
                    }));
    return offsets;
  }

  void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
    offsets.forEach((partition, offset) -> committed.put(partition, offset.offset()));
  }

  /** Drops partitions that were assigned to another instance. */
  void drop(Collection<TopicPartition> partitions) {
    for (TopicPartition partition : partitions) {
      Lane lane = lanes.remove(partition);
      committed.remove(partition);
      if (lane != null) {
        lane.abandon();
      }
    }
  }

  void dropAll() {
    drop(Set.copyOf(lanes.keySet()));
  }
}
