package io.attribution.stream.ondemand;

import io.attribution.drift.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Searches the newest input records, up to a number and a timeout. */
public final class InputSearch {
  private static final Duration POLL = Duration.ofMillis(200);

  private final InputConsumers consumers;
  private final String topic;
  private final int records;
  private final Duration timeout;

  /**
   * @param records how many of the newest records are read, over all partitions
   * @param timeout of one search
   */
  public InputSearch(InputConsumers consumers, String topic, int records, Duration timeout) {
    this.consumers = consumers;
    this.topic = topic;
    this.records = records;
    this.timeout = timeout;
  }

  public int records() {
    return records;
  }

  /**
   * The newest match by timestamp, the later one in a partition among equals.
   *
   * @throws InputConsumers.BusyException when all consumers are in use
   * @throws org.apache.kafka.common.KafkaException when the broker does not answer in time
   */
  public Optional<Origin> newest(Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
    return consumers.use(consumer -> newest(consumer, wanted));
  }

  private Optional<Origin> newest(
      Consumer<byte[], byte[]> consumer, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    // Assigned before the offsets are requested: Kafka logs a warning for other partitions.
    consumer.assign(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    seek(consumer, partitions, ends);
    long deadline = System.nanoTime() + timeout.toNanos();
    ConsumerRecord<byte[], byte[]> best = null;
    while (isBefore(consumer, ends)) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException(
            "searching " + records + " records takes longer than " + timeout.toSeconds() + " s");
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (isNewer(record, best) && wanted.test(record)) {
          best = record;
        }
      }
    }
    return Optional.ofNullable(best)
        .map(found -> new Origin(found.topic(), found.partition(), found.offset()));
  }

  private void seek(
      Consumer<byte[], byte[]> consumer,
      List<TopicPartition> partitions,
      Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
    long each = Math.max(1, records / Math.max(1, partitions.size()));
    for (TopicPartition partition : partitions) {
      consumer.seek(
          partition,
          Math.max(
              beginnings.getOrDefault(partition, 0L), ends.getOrDefault(partition, 0L) - each));
    }
  }

  private static boolean isBefore(
      Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
  }

  private static boolean isNewer(
      ConsumerRecord<byte[], byte[]> record, @Nullable ConsumerRecord<byte[], byte[]> best) {
    return best == null || record.timestamp() >= best.timestamp();
  }
}
