package io.attribution.benchmarks.pipeline;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads a topic in a thread of its own and notes how old each record's timestamp is. */
final class LatencyReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);

  /** Between two polls; for the same reason as the generator's linger. */
  private static final long PAUSE_NANOS = 1_000_000;

  private final KafkaConsumer<byte[], Boolean> consumer;
  private final SingleWriterRecorder latencies = new SingleWriterRecorder(Load.LONGEST_MICROS, 3);
  private final AtomicLong seen = new AtomicLong();
  private final Thread thread = new Thread(this::read, "latency-reader");
  private volatile boolean stopping;
  private volatile long countedFromMillis = Long.MAX_VALUE;

  LatencyReader(String bootstrapServers, Collection<TopicPartition> partitions) {
    // Values are not even copied.
    this.consumer = Clients.committedConsumer(bootstrapServers, (topic, bytes) -> Boolean.TRUE);
    consumer.assign(partitions);
    thread.start();
  }

  private void read() {
    try (consumer) {
      while (!stopping) {
        var records = consumer.poll(POLL);
        if (!records.isEmpty()) {
          long now = Load.wallMicros(System.nanoTime());
          long from = countedFromMillis;
          for (ConsumerRecord<byte[], Boolean> record : records) {
            if (record.timestamp() >= from) {
              latencies.recordValue(Load.bounded(now - 1000 * record.timestamp()));
            }
          }
          seen.addAndGet(records.count());
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }
  }

  /** Starts anew: records with an earlier timestamp do not count. */
  void countFrom(long timestampMillis) {
    countedFromMillis = timestampMillis;
    latencies.reset();
  }

  /** Microseconds from timestamp to sight, of what counted since the last call. */
  Histogram latencies() {
    return latencies.getIntervalHistogram();
  }

  /** Records seen so far. */
  long seen() {
    return seen.get();
  }

  @Override
  public void close() {
    stopping = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
