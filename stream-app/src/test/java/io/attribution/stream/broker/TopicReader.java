package io.attribution.stream.broker;

import io.attribution.local.CommittedRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads a topic from the beginning as a read_committed consumer sees it. */
final class TopicReader<V> implements AutoCloseable {
  private final String topic;
  private final CommittedRecords<V> committed;
  private final List<ConsumerRecord<byte[], V>> records = new ArrayList<>();

  TopicReader(Endpoints endpoints, String topic, Deserializer<V> values) {
    this.topic = topic;
    this.committed = new CommittedRecords<>(endpoints.bootstrapServers(), List.of(topic), values);
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
      committed.poll().forEach(records::add);
    }
    return List.copyOf(records);
  }

  /** Reads on for a while; for topics on which nothing should be. */
  List<ConsumerRecord<byte[], V>> readFor(Duration time) {
    long deadline = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < deadline) {
      committed.poll().forEach(records::add);
    }
    return List.copyOf(records);
  }

  /** Reads to what is the end now: everything, once the application is closed. */
  List<ConsumerRecord<byte[], V>> readToEnd() {
    committed.readToEnd(records::add);
    return List.copyOf(records);
  }

  @Override
  public void close() {
    committed.close();
  }
}
