package io.attribution.benchmarks.pipeline;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.attribution.benchmarks.measure.Figures;
import io.attribution.benchmarks.measure.Samples;
import io.attribution.benchmarks.measure.Section.Bound;
import io.attribution.benchmarks.measure.Section.Claim;
import io.attribution.benchmarks.measure.Section.Table;
import io.attribution.benchmarks.pipeline.Run.Case;
import io.attribution.benchmarks.pipeline.Run.Guarantee;
import io.attribution.benchmarks.pipeline.Usage.Cpu;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Finds what a subject sustains, and how long records take at shares of that: from a record's
 * intended send time, whole milliseconds rounded down, until a read_committed reader sees it.
 */
record Latency(Runs runs) {
  /**
   * 256 MiB and a segment of each partition stay. Segments have Kafka's own size: a broker that
   * rolls and flushes smaller ones all the time takes a core from whatever is measured.
   */
  private static final Map<String, String> TOPICS =
      Map.of(TopicConfig.RETENTION_BYTES_CONFIG, String.valueOf(256 << 20));

  private static final int FIRST_RECORDS = 2000;
  private static final int UNSEEN_RECORDS = 20_000;
  private static final long UNSEEN_BYTES = 32L << 20;
  private static final int CLAIMED_LOAD = 50;

  /**
   * One load.
   *
   * @param percent of the maximum
   * @param p99Millis the 99th percentile
   * @param commitMillis the commit interval
   * @param cells of the table, from records/s on
   */
  record Result(Case of, int percent, double p99Millis, int commitMillis, List<String> cells) {
    private List<String> row() {
      Stream<String> head = Stream.of(of.label(), of.subject().name(), percent + " %");
      return Stream.concat(head, cells.stream()).toList();
    }
  }

  /** One subject, started once, at each load. */
  List<Result> measure(Case of) throws IOException {
    long unseen = Math.min(UNSEEN_RECORDS, UNSEEN_BYTES / runs.workload().valueBytes());
    try (Load load = new Load(runs, of, TOPICS)) {
      load.saturate(Math.min(unseen, FIRST_RECORDS), Long.MAX_VALUE, Duration.ofMillis(100));
      load.awaitSeen();
      Duration half = Duration.ofSeconds(runs.options().warmupSeconds).dividedBy(2);
      load.saturate(unseen, Long.MAX_VALUE, half);
      long before = load.seen();
      long start = System.nanoTime();
      load.saturate(unseen, Long.MAX_VALUE, half);
      double maximum = (load.seen() - before) / ((System.nanoTime() - start) / 1e9);
      load.awaitSeen();
      return runs.options().loads.stream().map(percent -> measure(load, percent, maximum)).toList();
    }
  }

  private Result measure(Load load, int percent, double maximum) {
    Duration phase = Duration.ofSeconds(runs.options().phaseSeconds);
    Processes broker = runs.cluster().processes();
    Cpu cpu = Cpu.now(load.processes, broker);
    long before = load.sent();
    long start = System.nanoTime();
    // The first third does not count: where the load changes, the JVMs compile anew.
    load.countFrom(start + phase.toNanos() / 3);
    Histogram late = load.send(Load.Demand.steady(maximum * percent / 100, start), phase);
    long backlog = load.sent() - load.seen();
    double seconds = (System.nanoTime() - start) / 1e9;
    Cpu cores = Cpu.now(load.processes, broker).since(cpu, seconds);
    load.awaitSeen();
    Histogram latencies = load.latencies();
    return new Result(
        load.run.of(),
        percent,
        millis(latencies, 99),
        load.run.commitIntervalMillis(),
        List.of(
            Figures.of((load.sent() - before) / seconds),
            Figures.of(millis(latencies, 50)),
            Figures.of(millis(latencies, 99)),
            Figures.of(millis(latencies, 99.9)),
            Figures.of(millis(latencies, 100)),
            Figures.of((double) backlog),
            Figures.of(millis(late, 99)),
            String.format(
                Locale.ROOT,
                "%.2f + %.2f + %.2f + %.2f",
                cores.subject(),
                cores.broker(),
                cores.harness(),
                cores.others())));
  }

  private static double millis(Histogram micros, double percentile) {
    return micros.getValueAtPercentile(percentile) / 1000.0;
  }

  static Table table(List<Result> results) {
    return Table.of(
        "Latency: from the intended send time to a read_committed reader, ms",
        "model, guarantee | subject | load | records/s | p50 | p99 | p99.9 | largest"
            + " | backlog at the end | generator late, p99"
            + " | cores of subject + broker + harness + others",
        results.stream().map(Result::row).toList());
  }

  /** A load that was measured several times is one claim: the median. */
  static List<Claim> claims(List<Result> results) {
    return results.stream()
        .filter(result -> result.of().subject() == Subject.app)
        .filter(result -> result.percent() == CLAIMED_LOAD)
        .collect(groupingBy(Result::of, LinkedHashMap::new, toList()))
        .values()
        .stream()
        .map(Latency::claim)
        .toList();
  }

  private static Claim claim(List<Result> phases) {
    Case of = phases.get(0).of();
    boolean atLeastOnce = of.guarantee() == Guarantee.at_least_once;
    int commit = atLeastOnce ? 0 : phases.get(0).commitMillis();
    String promise =
        atLeastOnce
            ? "at least once"
            : "exactly once, above its commit interval of " + commit + " ms";
    String several = phases.size() == 1 ? "" : ", median of " + phases.size() + " phases";
    return new Claim(
        "latency p99 at 50 % load, " + promise + ", " + of.model() + several,
        new Samples(phases.stream().map(phase -> phase.p99Millis() - commit).toList()).median(),
        Bound.AT_MOST,
        atLeastOnce ? 25 : 30,
        "ms");
  }
}
