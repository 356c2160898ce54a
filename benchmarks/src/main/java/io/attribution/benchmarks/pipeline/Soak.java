package io.attribution.benchmarks.pipeline;

import io.attribution.benchmarks.measure.Figures;
import io.attribution.benchmarks.measure.Section.Bound;
import io.attribution.benchmarks.measure.Section.Claim;
import io.attribution.benchmarks.measure.Section.Table;
import io.attribution.benchmarks.pipeline.Run.Guarantee;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.apache.kafka.common.config.TopicConfig;

/** Sends records through a subject for long and measures its memory at every twentieth. */
record Soak(Runs runs, PipelineOptions options) {
  /** Records that were read do not fill the disk. */
  private static final Map<String, String> TOPICS =
      Map.of(
          TopicConfig.RETENTION_BYTES_CONFIG, String.valueOf(256 << 20),
          TopicConfig.SEGMENT_BYTES_CONFIG, String.valueOf(64 << 20));

  private static final int UNSEEN = 50_000;
  private static final Duration STEP = Duration.ofMillis(250);
  private static final Duration STALLED = Duration.ofSeconds(60);
  private static final int POINTS = 20;
  private static final double MIB = 1 << 20;

  /**
   * @param records seen so far
   * @param seconds since the start
   * @param residentBytes of the subject's processes
   */
  record Point(long records, double seconds, long residentBytes) {}

  /**
   * @param points in order
   */
  record Result(Run run, List<Point> points) {
    /** After the warm-up: in the first tenth of the records the heap finds its size. */
    List<Point> warm() {
      int cold = (int) Math.ceil(0.1 * points.size());
      return points.subList(Math.min(points.size() - 1, cold), points.size());
    }

    /** Of resident memory after the warm-up, last third against first, as a share. */
    double growth() {
      List<Point> warm = warm();
      int third = Math.max(1, warm.size() / 3);
      double early = mean(warm.subList(0, third));
      return mean(warm.subList(warm.size() - third, warm.size())) / early - 1;
    }

    private static double mean(List<Point> points) {
      return points.stream().mapToLong(Point::residentBytes).average().orElse(Double.NaN);
    }

    private Point last() {
      return points.get(points.size() - 1);
    }
  }

  Result measure(Subject subject, Guarantee guarantee, Consumer<Point> each) {
    Run run = runs.create(subject, runs.input(options.shape(), TOPICS), guarantee, TOPICS);
    long records = options.soakRecords();
    List<Point> points = new ArrayList<>();
    try (Load load = new Load(run, runs.workload(), runs.cluster())) {
      long start = System.nanoTime();
      long moved = start;
      while (load.reader().seen() < records) {
        long before = load.reader().seen();
        long sent = load.sent();
        Histogram unused =
            load.send(
                Load.Demand.saturating(
                    () -> Math.min(load.reader().seen() + UNSEEN, records) - sent),
                STEP);
        load.processes().requireAlive();
        long now = System.nanoTime();
        long seen = load.reader().seen();
        moved = seen == before ? moved : now;
        if (now - moved > STALLED.toNanos()) {
          throw new IllegalStateException("no output for " + STALLED + " at " + seen);
        }
        if (seen * POINTS / records > before * POINTS / records) {
          long resident = load.processes().usage().residentBytes();
          Point point = new Point(seen, (now - start) / 1e9, resident);
          points.add(point);
          each.accept(point);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      runs.cluster().delete(run.id());
    }
    return new Result(run, List.copyOf(points));
  }

  static Table table(String model, List<Result> results) {
    return Table.of(
        "Soak: resident memory",
        "model, guarantee | subject | records | seconds | MiB after warm-up"
            + " | MiB at the end | growth, last third against first, %",
        results.stream().map(result -> row(model, result)).toList());
  }

  private static List<String> row(String model, Result result) {
    return List.of(
        model + ", " + result.run().guarantee(),
        result.run().subject().name(),
        Figures.of((double) result.last().records()),
        Figures.of(result.last().seconds()),
        Figures.of(result.warm().get(0).residentBytes() / MIB),
        Figures.of(result.last().residentBytes() / MIB),
        String.format(Locale.ROOT, "%+.2f", 100 * result.growth()));
  }

  static List<Claim> claims(String model, List<Result> results) {
    return results.stream()
        .filter(result -> result.run().subject().name().equals("app"))
        .map(
            result ->
                new Claim(
                    "resident memory growth after warm-up, %s records, %s, %s"
                        .formatted(
                            Figures.count(result.last().records()),
                            model,
                            result.run().guarantee()),
                    100 * result.growth(),
                    Bound.BELOW,
                    2,
                    "%"))
        .toList();
  }
}
