package io.attribution.benchmarks.pipeline;

import io.attribution.local.CommittedRecords;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongBinaryOperator;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A started subject with a generator of records, and a reader of its reduced output: a thread that
 * notes how old each record's timestamp is.
 */
final class Load implements AutoCloseable {
  private static final long LONGEST_MICROS = Duration.ofMinutes(10).toNanos() / 1000;
  private static final long TICK_NANOS = 1_000_000;
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(60);

  /** A request for each tick's few records would take the subject's processors. */
  private static final int LINGER_MILLIS = 2;

  private static final long BASE_NANOS = System.nanoTime();

  // The wall clock, read once: it may be set back while the benchmark runs.
  @SuppressWarnings("TimeInStaticInitializer")
  private static final long BASE_MICROS = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());

  final Run run;
  final Processes processes;
  private final Cluster.Producer producer;
  private final CommittedRecords<Boolean> committed;
  private final SingleWriterRecorder latencies = new SingleWriterRecorder(LONGEST_MICROS, 3);
  private final AtomicLong seen = new AtomicLong();
  private final Thread reader = new Thread(this::read, "latency-reader");
  private volatile boolean stopping;
  private volatile long countedFromMillis = Long.MAX_VALUE;
  private long sent;

  /**
   * @param topicSettings of input and outputs
   */
  Load(Runs runs, Run.Case of, Map<String, String> topicSettings) throws IOException {
    this.run = runs.create(of, runs.input(of.shape(), topicSettings), topicSettings);
    this.processes = run.start();
    // Values are not even copied.
    this.committed =
        new CommittedRecords<>(
            runs.cluster().bootstrapServers(),
            List.of(run.topics().reduced()),
            (topic, bytes) -> Boolean.TRUE);
    reader.start();
    this.producer = new Cluster.Producer(runs.cluster(), LINGER_MILLIS, "none");
  }

  private void read() {
    try (committed) {
      while (!stopping) {
        var records = committed.poll(POLL);
        if (!records.isEmpty()) {
          long now = wallMicros(System.nanoTime());
          long from = countedFromMillis;
          for (ConsumerRecord<byte[], Boolean> record : records) {
            if (record.timestamp() >= from) {
              latencies.recordValue(bounded(now - 1000 * record.timestamp()));
            }
          }
          seen.addAndGet(records.count());
          // For the same reason as the generator's linger.
          LockSupport.parkNanos(TICK_NANOS);
        }
      }
    }
  }

  /** Microseconds since the epoch. */
  private static long wallMicros(long nanoTime) {
    return BASE_MICROS + (nanoTime - BASE_NANOS) / 1000;
  }

  /** What the histograms can hold. */
  private static long bounded(long micros) {
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
        send(wallMicros(intended) / 1000);
        lateness.recordValue(bounded((now - intended) / 1000));
      }
      LockSupport.parkNanos(TICK_NANOS);
    }
    producer.flush();
    return lateness;
  }

  private void send(long timestampMillis) {
    String features = run.topics().features();
    int partitions = run.of().shape().partitions();
    producer.send(run.runs().workload().record(features, partitions, sent++, timestampMillis));
  }

  /**
   * Keeps records unseen, for a time.
   *
   * @param unseen how many
   * @param most records that are ever sent
   */
  void saturate(long unseen, long most, Duration time) {
    long before = sent;
    LongSupplier due = () -> Math.min(seen.get() + unseen, most) - before;
    Histogram unused = send(Demand.saturating(due), time);
  }

  /**
   * @throws IllegalStateException when an output is missing, or there is one too many
   */
  void awaitSeen() {
    long deadline = System.nanoTime() + DRAIN_TIMEOUT.toNanos();
    while (seen() < sent && System.nanoTime() < deadline) {
      processes.requireAlive();
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    if (seen() != sent) {
      throw new IllegalStateException(
          "%s: %d outputs of %d inputs after %s".formatted(run.id(), seen(), sent, DRAIN_TIMEOUT));
    }
  }

  /** Counts latencies from a nano time on; forgets what was counted before. */
  void countFrom(long nanoTime) {
    countedFromMillis = wallMicros(nanoTime) / 1000;
    latencies.reset();
  }

  /** Microseconds from a record's timestamp until it was seen, of what counted. */
  Histogram latencies() {
    return latencies.getIntervalHistogram();
  }

  /** Outputs seen so far. */
  long seen() {
    return seen.get();
  }

  long sent() {
    return sent;
  }

  /** Ends the subject and deletes its topics. */
  @Override
  public void close() {
    producer.close();
    stopping = true;
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    processes.close();
    run.runs().cluster().delete(run.id());
  }
}
