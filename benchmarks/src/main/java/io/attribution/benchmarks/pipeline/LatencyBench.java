package io.attribution.benchmarks.pipeline;

import io.attribution.benchmarks.pipeline.RunFactory.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/** Finds what a subject sustains, and how long records take at shares of that. */
final class LatencyBench {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(60);

  /**
   * Some 1.3 GB of each partition stay. Segments have Kafka's own size: a broker that rolls and
   * flushes smaller ones all the time takes a core from whatever is measured.
   */
  static final Map<String, String> TOPICS =
      Map.of(TopicConfig.RETENTION_BYTES_CONFIG, String.valueOf(256 << 20));

  private static final int FIRST_RECORDS = 2000;
  private static final int RECORDS_ON_THEIR_WAY = 20_000;
  private static final long BYTES_ON_THEIR_WAY = 32L << 20;
  private static final double MICROS_PER_MILLI = 1000;

  private final RunFactory runs;
  private final TestModel model;
  private final BenchCluster cluster;
  private final Timing timing;

  /**
   * How long to look.
   *
   * @param warmup load at the maximum before anything is measured; its second half finds the
   *     maximum
   * @param phase of one load
   * @param settle the first part of a phase, which does not count
   */
  record Timing(Duration warmup, Duration phase, Duration settle) {}

  LatencyBench(RunFactory runs, TestModel model, BenchCluster cluster, Timing timing) {
    this.runs = runs;
    this.model = model;
    this.cluster = cluster;
    this.timing = timing;
  }

  /**
   * One subject, started once, at each load.
   *
   * @param features a topic of its own, empty
   * @param fixedMaximum records per second; absent to find it
   */
  List<LatencyResult> run(
      Subject subject,
      String features,
      Guarantee guarantee,
      Shape shape,
      List<Integer> loads,
      OptionalDouble fixedMaximum) {
    Run run = runs.create(subject, features, guarantee, shape, TOPICS);
    FeatureMessages messages =
        new FeatureMessages(model, features, shape.partitions(), cluster.registryUrl());
    String servers = cluster.bootstrapServers();
    try (SubjectProcesses processes = run.start();
        LatencyReader reader =
            new LatencyReader(servers, run.topics().partitions(run.names().reduced()));
        LoadGenerator generator = new LoadGenerator(messages, servers)) {
      Session session = new Session(run, processes, reader, generator, messages.valueBytes());
      session.awaitStart();
      double maximum = session.maximum();
      List<LatencyResult> results = new ArrayList<>();
      for (int load : loads) {
        results.add(session.measure(load, fixedMaximum.orElse(maximum)));
      }
      return results;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      run.topics().deleteOutputs(run.names());
    }
  }

  /** A started subject with its generator and its reader. */
  private final class Session {
    private final Run run;
    private final SubjectProcesses processes;
    private final LatencyReader reader;
    private final LoadGenerator generator;
    private final long onTheirWay;

    Session(
        Run run,
        SubjectProcesses processes,
        LatencyReader reader,
        LoadGenerator generator,
        int valueBytes) {
      this.run = run;
      this.processes = processes;
      this.reader = reader;
      this.generator = generator;
      this.onTheirWay = Math.min(RECORDS_ON_THEIR_WAY, BYTES_ON_THEIR_WAY / valueBytes);
    }

    /** A few records through the whole way. */
    void awaitStart() {
      Histogram unused =
          generator.send(
              new Demand.Saturating(() -> 0, Math.min(onTheirWay, FIRST_RECORDS)),
              Duration.ofMillis(100));
      awaitSeen(START_TIMEOUT);
    }

    double maximum() {
      LongSupplier seen = fromNow();
      Duration half = timing.warmup().dividedBy(2);
      Histogram unused = generator.send(new Demand.Saturating(seen, onTheirWay), half);
      long before = reader.seen();
      long start = System.nanoTime();
      LongSupplier again = fromNow(generator.sent() - before);
      unused = generator.send(new Demand.Saturating(again, onTheirWay), half);
      double maximum = (reader.seen() - before) / ((System.nanoTime() - start) / 1e9);
      awaitSeen(DRAIN_TIMEOUT);
      return maximum;
    }

    /** How many records were seen since this call. */
    private LongSupplier fromNow() {
      return fromNow(0);
    }

    /**
     * @param unseen records that are on their way already
     */
    private LongSupplier fromNow(long unseen) {
      long before = reader.seen() + unseen;
      return () -> reader.seen() - before;
    }

    LatencyResult measure(int load, double maximum) {
      double rate = maximum * load / 100;
      Cores cores = new Cores(processes.tree(), cluster.processes());
      long before = generator.sent();
      long start = System.nanoTime();
      reader.countFrom(WallClock.millis(start + timing.settle().toNanos()));
      Histogram late = generator.send(new Demand.Steady(rate, start), timing.phase());
      long backlog = generator.sent() - reader.seen();
      Cores.Busy busy = cores.sinceStart();
      double seconds = (System.nanoTime() - start) / 1e9;
      awaitSeen(DRAIN_TIMEOUT);
      Histogram latencies = reader.latencies();
      return new LatencyResult(
          run.subject().name(),
          model.bundle().name(),
          run.assignment().guarantee(),
          run.assignment().shape(),
          Long.parseLong(run.assignment().setting(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG)),
          load,
          maximum,
          (generator.sent() - before) / seconds,
          latencies.getTotalCount(),
          millis(latencies, 50),
          millis(latencies, 99),
          millis(latencies, 99.9),
          millis(latencies, 100),
          backlog,
          millis(late, 99),
          busy.subject(),
          busy.broker(),
          busy.harness(),
          busy.others());
    }

    private static double millis(Histogram micros, double percentile) {
      return micros.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
    }

    /**
     * @throws BenchFailure when an output is missing, or there is one too many
     */
    private void awaitSeen(Duration timeout) {
      long deadline = System.nanoTime() + timeout.toNanos();
      while (reader.seen() < generator.sent()) {
        processes.requireAlive();
        if (System.nanoTime() > deadline) {
          break;
        }
        LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
      }
      if (reader.seen() != generator.sent()) {
        throw new BenchFailure(
            "%s: %d outputs of %d inputs after %s"
                .formatted(run.assignment().id(), reader.seen(), generator.sent(), timeout));
      }
    }
  }
}
