package io.attribution.benchmarks.pipeline;

import io.attribution.benchmarks.measure.Figures;
import io.attribution.benchmarks.measure.Section.Bound;
import io.attribution.benchmarks.measure.Section.Claim;
import io.attribution.benchmarks.measure.Section.Table;
import io.attribution.benchmarks.pipeline.Run.Case;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Sends records through a subject for long and measures its memory at every twentieth.
 *
 * @param say takes lines of progress
 */
record Soak(Runs runs, Consumer<String> say) {
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
  record Result(Case of, List<Point> points) {
    /** After the warm-up: in the first tenth of the records the heap finds its size. */
    private List<Point> warm() {
      int cold = (int) Math.ceil(0.1 * points.size());
      return points.subList(Math.min(points.size() - 1, cold), points.size());
    }

    /** Of resident memory after the warm-up, last third against first, in percent. */
    double growth() {
      List<Point> warm = warm();
      int third = Math.max(1, warm.size() / 3);
      double early = mean(warm.subList(0, third));
      return 100 * (mean(warm.subList(warm.size() - third, warm.size())) / early - 1);
    }

    private static double mean(List<Point> points) {
      return points.stream().mapToLong(Point::residentBytes).average().orElse(Double.NaN);
    }

    private Point last() {
      return points.get(points.size() - 1);
    }

    private List<String> row() {
      return List.of(
          of.label(),
          of.subject().name(),
          Figures.of((double) last().records()),
          Figures.of(last().seconds()),
          Figures.of(warm().get(0).residentBytes() / MIB),
          Figures.of(last().residentBytes() / MIB),
          String.format(Locale.ROOT, "%+.2f", growth()));
    }

    private Claim claim() {
      String figure =
          "resident memory growth after warm-up, %s records, %s"
              .formatted(Figures.count(last().records()), of.label());
      return new Claim(figure, growth(), Bound.BELOW, 2, "%");
    }
  }

  Result measure(Case of) {
    long records = runs.options().soakRecords();
    List<Point> points = new ArrayList<>();
    try (Load load = new Load(runs, of, TOPICS)) {
      long start = System.nanoTime();
      long moved = start;
      while (load.seen() < records) {
        long before = load.seen();
        load.saturate(UNSEEN, records, STEP);
        load.processes.requireAlive();
        long now = System.nanoTime();
        long seen = load.seen();
        moved = seen == before ? moved : now;
        if (now - moved > STALLED.toNanos()) {
          throw new IllegalStateException("no output for " + STALLED + " at " + seen);
        }
        if (seen * POINTS / records > before * POINTS / records) {
          long resident = load.processes.usage().residentBytes();
          points.add(new Point(seen, (now - start) / 1e9, resident));
          say.accept(
              "%s, %s: %,d records, resident %.1f MiB"
                  .formatted(of.label(), of.subject(), seen, resident / MIB));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Result(of, List.copyOf(points));
  }

  static Table table(List<Result> results) {
    return Table.of(
        "Soak: resident memory",
        "model, guarantee | subject | records | seconds | MiB after warm-up"
            + " | MiB at the end | growth, last third against first, %",
        results.stream().map(Result::row).toList());
  }

  static List<Claim> claims(List<Result> results) {
    return results.stream()
        .filter(result -> result.of().subject() == Subject.app)
        .map(Result::claim)
        .toList();
  }
}
