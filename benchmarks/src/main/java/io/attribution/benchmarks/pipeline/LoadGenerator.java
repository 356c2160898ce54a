package io.attribution.benchmarks.pipeline;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.jspecify.annotations.Nullable;

/** Sends records as a demand wants them, each with the time at which it should have been sent. */
final class LoadGenerator implements AutoCloseable {
  private static final long TICK_NANOS = 1_000_000;
  private static final long LONGEST_MICROS = Duration.ofMinutes(10).toNanos() / 1000;

  private final FeatureMessages messages;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private long sent;

  LoadGenerator(FeatureMessages messages, String bootstrapServers) {
    this.messages = messages;
    this.producer = Clients.promptProducer(bootstrapServers);
  }

  /**
   * Sends for so long.
   *
   * @return how much later than intended each record was handed to the producer, in microseconds
   */
  Histogram send(Demand demand, Duration time) {
    Histogram lateness = new Histogram(LONGEST_MICROS, 3);
    long end = System.nanoTime() + time.toNanos();
    long first = sent;
    for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
      long due = demand.due(now);
      for (long n = sent - first; n < due; n++) {
        long intended = demand.intendedNanos(n, now);
        send(intended);
        lateness.recordValue(Math.min(LONGEST_MICROS, Math.max(0, now - intended) / 1000));
      }
      throwFailure();
      LockSupport.parkNanos(TICK_NANOS);
    }
    producer.flush();
    return lateness;
  }

  private void send(long intendedNanos) {
    var unused =
        producer.send(
            messages.record(sent, WallClock.millis(intendedNanos)),
            (metadata, e) -> {
              if (e != null) {
                failure.set(e);
              }
            });
    sent++;
  }

  private void throwFailure() {
    Exception cause = failure.get();
    if (cause != null) {
      throw new BenchFailure("the generator: " + cause, cause);
    }
  }

  /** Records sent so far. */
  long sent() {
    return sent;
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }
}
