package io.attribution.stream.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads a topic from the beginning as a read_committed consumer sees it. */
final class TopicReader<V> implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final String topic;
  private final KafkaConsumer<byte[], V> consumer;
  private final List<ConsumerRecord<byte[], V>> records = new ArrayList<>();

  TopicReader(Endpoints endpoints, String topic, Deserializer<V> values) {
    this.topic = topic;
    this.consumer = endpoints.committedConsumer(values);
    consumer.assign(
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList());
  }

  /**
   * Reads until there is enough.
   *
   * @param enough asked about all records so far
   * @throws AssertionError when there is not enough after so long; says how many there are
   */
  List<ConsumerRecord<byte[], V>> readUntil(
      Predicate<List<ConsumerRecord<byte[], V>>> enough, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!enough.test(records)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            topic + ": not enough after " + timeout + ", only " + records.size() + " records");
      }
      consumer.poll(POLL).forEach(records::add);
    }
    return List.copyOf(records);
  }

  /** Reads on for a while; for topics on which nothing should be. */
  List<ConsumerRecord<byte[], V>> readFor(Duration time) {
    long deadline = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < deadline) {
      consumer.poll(POLL).forEach(records::add);
    }
    return List.copyOf(records);
  }

  /** Reads to what is the end now: everything, once the application is closed. */
  List<ConsumerRecord<byte[], V>> readToEnd() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      consumer.poll(POLL).forEach(records::add);
    }
    return List.copyOf(records);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
