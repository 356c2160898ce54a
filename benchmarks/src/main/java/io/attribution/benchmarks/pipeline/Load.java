package io.attribution.benchmarks.pipeline;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongBinaryOperator;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import org.HdrHistogram.Histogram;

/** A started subject with a generator of records and a reader of its reduced output. */
final class Load implements AutoCloseable {
  static final long LONGEST_MICROS = Duration.ofMinutes(10).toNanos() / 1000;
  private static final long TICK_NANOS = 1_000_000;
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(60);
  private static final int LINGER_MILLIS = 2;
  private static final long BASE_NANOS = System.nanoTime();

  // The wall clock, read once: it may be set back while the benchmark runs.
  @SuppressWarnings("TimeInStaticInitializer")
  private static final long BASE_MICROS = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());

  private final Run run;
  private final Workload workload;
  private final Processes processes;
  private final LatencyReader reader;
  private final Clients.Producer producer;
  private long sent;

  Load(Run run, Workload workload, Cluster cluster) throws IOException {
    String servers = cluster.bootstrapServers();
    this.run = run;
    this.workload = workload;
    this.processes = run.start();
    this.reader =
        new LatencyReader(
            servers, Cluster.partitions(run.topics().reduced(), run.shape().partitions()));
    this.producer = new Clients.Producer(servers, LINGER_MILLIS, "none");
  }

  /** Microseconds since the epoch. */
  static long wallMicros(long nanoTime) {
    return BASE_MICROS + (nanoTime - BASE_NANOS) / 1000;
  }

  /** What the histograms can hold. */
  static long bounded(long micros) {
    return Math.min(LONGEST_MICROS, Math.max(0, micros));
  }

  /**
   * @param due records that should have been sent by a time, in nanoseconds
   * @param intended when record n (from 0) should be sent, given n and now; never later than now
   *     for a record that is due
   */
  record Demand(LongUnaryOperator due, LongBinaryOperator intended) {

    /** Open loop: a subject that stalls finds the records that a real source would have sent. */
    static Demand steady(double recordsPerSecond, long startNanos) {
      return new Demand(
          now -> (long) ((now - startNanos) / 1e9 * recordsPerSecond),
          (n, now) -> startNanos + (long) (n / recordsPerSecond * 1e9));
    }

    /** Closed loop: as many as the subject takes. */
    static Demand saturating(LongSupplier due) {
      return new Demand(now -> due.getAsLong(), (n, now) -> now);
    }
  }

  /**
   * Sends for a time.
   *
   * @return microseconds from each record's intended send time to its send
   */
  Histogram send(Demand demand, Duration time) {
    Histogram lateness = new Histogram(LONGEST_MICROS, 3);
    long end = System.nanoTime() + time.toNanos();
    long first = sent;
    for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
      long due = demand.due().applyAsLong(now);
      for (long n = sent - first; n < due; n++) {
        long intended = demand.intended().applyAsLong(n, now);
        int partitions = run.shape().partitions();
        long timestamp = wallMicros(intended) / 1000;
        producer.send(workload.record(run.topics().features(), partitions, sent++, timestamp));
        lateness.recordValue(bounded((now - intended) / 1000));
      }
      producer.requireSent();
      LockSupport.parkNanos(TICK_NANOS);
    }
    producer.flush();
    return lateness;
  }

  /** Keeps this many records unseen, for a time. */
  void saturate(long unseen, Duration time) {
    long start = sent;
    Histogram unused = send(Demand.saturating(() -> reader.seen() + unseen - start), time);
  }

  /**
   * @throws IllegalStateException when an output is missing, or there is one too many
   */
  void awaitSeen() {
    long deadline = System.nanoTime() + DRAIN_TIMEOUT.toNanos();
    while (reader.seen() < sent && System.nanoTime() < deadline) {
      processes.requireAlive();
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    if (reader.seen() != sent) {
      throw new IllegalStateException(
          "%s: %d outputs of %d inputs after %s"
              .formatted(run.id(), reader.seen(), sent, DRAIN_TIMEOUT));
    }
  }

  long sent() {
    return sent;
  }

  LatencyReader reader() {
    return reader;
  }

  Processes processes() {
    return processes;
  }

  @Override
  public void close() {
    producer.close();
    reader.close();
    processes.close();
  }
}
