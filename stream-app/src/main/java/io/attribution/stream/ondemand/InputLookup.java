package io.attribution.stream.ondemand;

import io.attribution.drift.Origin;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads one input record again. */
public final class InputLookup {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final InputConsumers consumers;
  private final String topic;

  /**
   * @param topic the only topic that may be read
   */
  public InputLookup(InputConsumers consumers, String topic) {
    this.consumers = consumers;
    this.topic = topic;
  }

  /** The result of a lookup. */
  public sealed interface Found {
    /** The record was found. */
    record There(ConsumerRecord<byte[], byte[]> record) implements Found {}

    /** The record does not exist, or no longer exists. */
    record Gone(String why) implements Found {}
  }

  /**
   * @throws InputConsumers.BusyException when all consumers are in use
   * @throws org.apache.kafka.common.KafkaException when the broker does not answer
   */
  public Found find(Origin origin) {
    if (!origin.topic().equals(topic)) {
      return new Found.Gone("the input topic is '" + topic + "', not '" + origin.topic() + "'");
    }
    return consumers.use(consumer -> findOrGone(consumer, origin));
  }

  /** Retention may delete the record after the beginning offset was read. */
  private Found findOrGone(Consumer<byte[], byte[]> consumer, Origin origin) {
    try {
      return find(consumer, origin);
    } catch (OffsetOutOfRangeException e) {
      return new Found.Gone("its retention is over");
    }
  }

  private Found find(Consumer<byte[], byte[]> consumer, Origin origin) {
    TopicPartition partition = new TopicPartition(topic, origin.partition());
    if (consumer.partitionsFor(topic).stream()
        .noneMatch(info -> info.partition() == partition.partition())) {
      return new Found.Gone("the topic has no partition " + partition.partition());
    }
    // Assigned before the offsets are requested: Kafka logs a warning for other partitions.
    consumer.assign(List.of(partition));
    long first = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
    if (origin.offset() < first) {
      return new Found.Gone("its retention is over: the partition begins at offset " + first);
    }
    long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    if (origin.offset() >= end) {
      return new Found.Gone("it is not there yet: the partition ends at offset " + end);
    }
    return read(consumer, partition, origin.offset());
  }

  private static Found read(
      Consumer<byte[], byte[]> consumer, TopicPartition partition, long offset) {
    consumer.seek(partition, offset);
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (System.nanoTime() < deadline) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
        return record.offset() == offset ? new Found.There(record) : nothingThere();
      }
      // Transaction markers and aborted records advance the position without a record.
      if (consumer.position(partition) > offset) {
        return nothingThere();
      }
    }
    throw new TimeoutException("the broker does not send " + partition + "@" + offset);
  }

  private static Found nothingThere() {
    return new Found.Gone("no record has this offset: it was compacted away, or never committed");
  }
}
