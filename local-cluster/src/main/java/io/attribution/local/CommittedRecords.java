package io.attribution.local;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Topics from their beginning, as a read_committed consumer sees them. For one thread.
 *
 * @param <V> the values
 */
public final class CommittedRecords<V> implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaConsumer<byte[], V> consumer;

  /**
   * @param topics that exist
   * @param values closed with this
   */
  public CommittedRecords(
      String bootstrapServers, Collection<String> topics, Deserializer<V> values) {
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            10_000,
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            16 << 20);
    this.consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), values);
    List<TopicPartition> partitions =
        topics.stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
  }

  /** The records of one topic, as bytes. */
  public static CommittedRecords<byte[]> bytes(String bootstrapServers, String topic) {
    return new CommittedRecords<>(bootstrapServers, List.of(topic), new ByteArrayDeserializer());
  }

  /** What comes next, within a moment. */
  public ConsumerRecords<byte[], V> poll() {
    return poll(POLL);
  }

  /** What comes next, within the timeout. */
  public ConsumerRecords<byte[], V> poll(Duration timeout) {
    return consumer.poll(timeout);
  }

  /** Reads on to what is the end now: everything, once those who write have ended. */
  public void readToEnd(Consumer<ConsumerRecord<byte[], V>> each) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      poll().forEach(each);
    }
  }

  /** How far the records reach: the ends of all partitions, added up. */
  public long end() {
    return consumer.endOffsets(consumer.assignment()).values().stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
