package io.attribution.benchmarks.pipeline;

import io.attribution.benchmarks.pipeline.RunFactory.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.apache.kafka.common.config.TopicConfig;

/** Sends records through a subject for long and looks at its memory. */
final class SoakBench {
  /** What nobody reads again does not fill the disk. */
  static final Map<String, String> SHORT_LIVED =
      Map.of(
          TopicConfig.RETENTION_BYTES_CONFIG, String.valueOf(256 << 20),
          TopicConfig.SEGMENT_BYTES_CONFIG, String.valueOf(64 << 20));

  private static final int ON_THEIR_WAY = 50_000;
  private static final Duration STEP = Duration.ofMillis(250);
  private static final Duration STALLED = Duration.ofSeconds(60);

  private final RunFactory runs;
  private final TestModel model;
  private final BenchCluster cluster;

  SoakBench(RunFactory runs, TestModel model, BenchCluster cluster) {
    this.runs = runs;
    this.model = model;
    this.cluster = cluster;
  }

  /**
   * @param features a topic of its own, short-lived
   * @param interval records between two points
   * @param each told of every point
   */
  SoakResult run(
      Subject subject,
      String features,
      Guarantee guarantee,
      Shape shape,
      long records,
      long interval,
      Consumer<SoakPoint> each) {
    Run run = runs.create(subject, features, guarantee, shape, SHORT_LIVED);
    String servers = cluster.bootstrapServers();
    FeatureMessages messages =
        new FeatureMessages(model, features, shape.partitions(), cluster.registryUrl());
    List<SoakPoint> points = new ArrayList<>();
    try (SubjectProcesses processes = run.start();
        LatencyReader reader =
            new LatencyReader(servers, run.topics().partitions(run.names().reduced()));
        LoadGenerator generator = new LoadGenerator(messages, servers)) {
      Soak soak = new Soak(processes, reader, generator, records);
      while (reader.seen() < records) {
        long before = reader.seen();
        soak.step();
        if (reader.seen() / interval > before / interval) {
          SoakPoint point = soak.point();
          points.add(point);
          each.accept(point);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      run.topics().deleteOutputs(run.names());
    }
    return new SoakResult(subject.name(), model.bundle().name(), guarantee, shape, points);
  }

  /** A run on its way. */
  private static final class Soak {
    private final SubjectProcesses processes;
    private final LatencyReader reader;
    private final LoadGenerator generator;
    private final long records;
    private final long startNanos = System.nanoTime();
    private long movedNanos = startNanos;

    Soak(SubjectProcesses processes, LatencyReader reader, LoadGenerator generator, long records) {
      this.processes = processes;
      this.reader = reader;
      this.generator = generator;
      this.records = records;
    }

    void step() {
      long seen = reader.seen();
      long sent = generator.sent();
      Histogram unused =
          generator.send(
              new Demand.Saturating(
                  () -> Math.min(reader.seen(), records - ON_THEIR_WAY) - sent, ON_THEIR_WAY),
              STEP);
      processes.requireAlive();
      long now = System.nanoTime();
      movedNanos = reader.seen() == seen ? movedNanos : now;
      if (now - movedNanos > STALLED.toNanos()) {
        throw new BenchFailure("no output for " + STALLED + " at " + seen);
      }
    }

    SoakPoint point() {
      return new SoakPoint(
          reader.seen(),
          (System.nanoTime() - startNanos) / 1e9,
          processes.tree().usage().residentBytes());
    }
  }
}
