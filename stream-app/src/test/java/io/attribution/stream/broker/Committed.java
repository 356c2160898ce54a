package io.attribution.stream.broker;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** How far the committed records of a topic reach, without reading them. */
final class Committed {
  private Committed() {}

  /** Waits until the last stable offsets of a topic add up to so many. */
  static void await(Cluster cluster, String topic, long offsets, Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    try (KafkaConsumer<byte[], byte[]> consumer =
        cluster.endpoints.committedConsumer(new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      while (sum(consumer.endOffsets(partitions)) < offsets) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError(
              topic + " has " + consumer.endOffsets(partitions) + ", not yet " + offsets);
        }
        Thread.sleep(20);
      }
    }
  }

  private static long sum(Map<TopicPartition, Long> ends) {
    return ends.values().stream().mapToLong(Long::longValue).sum();
  }
}
