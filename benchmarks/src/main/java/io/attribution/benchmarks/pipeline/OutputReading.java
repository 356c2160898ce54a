package io.attribution.benchmarks.pipeline;

import io.attribution.stream.topics.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a run's outputs after it, as any read_committed reader would. */
final class OutputReading {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int SAMPLE_ROWS = 1024;

  private final String bootstrapServers;
  private final BenchTopics topics;

  OutputReading(String bootstrapServers, BenchTopics topics) {
    this.bootstrapServers = bootstrapServers;
    this.topics = topics;
  }

  /**
   * @throws BenchFailure when there are not as many outputs as inputs, or dead letters
   */
  OutputSample read(Topics names, long records) {
    Map<Integer, byte[]> projected = new HashMap<>();
    Map<Integer, byte[]> reduced = new HashMap<>();
    requireCount(names.projected(), records, records(names.projected(), keep(projected)));
    requireCount(names.reduced(), records, records(names.reduced(), keep(reduced)));
    requireCount(names.deadLetter(), 0, records(names.deadLetter(), record -> {}));
    return new OutputSample(projected, reduced);
  }

  private static Consumer<ConsumerRecord<byte[], byte[]>> keep(Map<Integer, byte[]> values) {
    return record -> {
      int row = FeatureMessages.row(record.key());
      if (row < SAMPLE_ROWS) {
        values.putIfAbsent(row, record.value());
      }
    };
  }

  private static void requireCount(String topic, long expected, long actual) {
    if (actual != expected) {
      throw new BenchFailure(topic + ": " + actual + " records instead of " + expected);
    }
  }

  private long records(String topic, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    long count = 0;
    try (KafkaConsumer<byte[], byte[]> consumer =
        Clients.committedConsumer(bootstrapServers, new ByteArrayDeserializer())) {
      consumer.assign(topics.partitions(topic));
      Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        var polled = consumer.poll(POLL);
        count += polled.count();
        polled.forEach(each);
      }
    }
    return count;
  }
}
