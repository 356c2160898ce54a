package io.attribution.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads topics from the beginning as a read_committed consumer sees them. */
final class TopicReader {
  private static final Duration POLL = Duration.ofMillis(100);

  private TopicReader() {}

  /** Reads until there are so many records, and then a little longer for those too many. */
  static <V> List<ConsumerRecord<byte[], V>> read(
      Cluster cluster, String topic, Deserializer<V> values, int expected, Duration patience) {
    List<ConsumerRecord<byte[], V>> records = new ArrayList<>();
    read(cluster, topic, values, records::add, () -> records.size() >= expected, patience);
    return records;
  }

  /** Hands records on until it is enough or patience ends, and then a little longer. */
  static <V> void read(
      Cluster cluster,
      String topic,
      Deserializer<V> values,
      Consumer<ConsumerRecord<byte[], V>> sink,
      BooleanSupplier enough,
      Duration patience) {
    try (KafkaConsumer<byte[], V> consumer = cluster.committedConsumer(values)) {
      consumer.assign(
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList());
      long deadline = System.nanoTime() + patience.toNanos();
      while (!enough.getAsBoolean() && System.nanoTime() < deadline) {
        consumer.poll(POLL).forEach(sink);
      }
      consumer.poll(POLL.multipliedBy(5)).forEach(sink);
    }
  }
}
