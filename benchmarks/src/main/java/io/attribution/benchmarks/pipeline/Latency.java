package io.attribution.benchmarks.pipeline;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.attribution.benchmarks.measure.Figures;
import io.attribution.benchmarks.measure.Samples;
import io.attribution.benchmarks.measure.Section.Bound;
import io.attribution.benchmarks.measure.Section.Claim;
import io.attribution.benchmarks.measure.Section.Table;
import io.attribution.benchmarks.pipeline.Run.Guarantee;
import io.attribution.benchmarks.pipeline.Usage.Cpu;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Finds what a subject sustains, and how long records take at shares of that: from a record's
 * intended send time, whole milliseconds rounded down, until a read_committed reader sees it.
 */
record Latency(Runs runs, PipelineOptions options) {
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
   * @param cells of the table, from records/s on
   */
  record Result(Run run, int percent, double p99Millis, List<String> cells) {
    private List<String> row(String model) {
      List<String> row =
          new ArrayList<>(
              List.of(model + ", " + run.guarantee(), run.subject().name(), percent + " %"));
      row.addAll(cells);
      return row;
    }
  }

  /** One subject, started once, at each load. */
  List<Result> measure(Subject subject, Guarantee guarantee) {
    Run run = runs.create(subject, runs.input(options.shape(), TOPICS), guarantee, TOPICS);
    long unseen = Math.min(UNSEEN_RECORDS, UNSEEN_BYTES / runs.workload().valueBytes());
    try (Load load = new Load(run, runs.workload(), runs.cluster())) {
      load.saturate(Math.min(unseen, FIRST_RECORDS), Duration.ofMillis(100));
      load.awaitSeen();
      Duration half = Duration.ofSeconds(options.warmupSeconds).dividedBy(2);
      load.saturate(unseen, half);
      long before = load.reader().seen();
      long start = System.nanoTime();
      load.saturate(unseen, half);
      double maximum = (load.reader().seen() - before) / ((System.nanoTime() - start) / 1e9);
      load.awaitSeen();
      List<Result> results = new ArrayList<>();
      for (int percent : options.loads) {
        results.add(measure(load, run, percent, options.maximum.orElse(maximum)));
      }
      return results;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      runs.cluster().delete(run.id());
    }
  }

  private Result measure(Load load, Run run, int percent, double maximum) {
    Duration phase = Duration.ofSeconds(options.phaseSeconds);
    Processes broker = runs.cluster().processes();
    Cpu cpu = Cpu.now(load.processes(), broker);
    long before = load.sent();
    long start = System.nanoTime();
    // The first third does not count: where the load changes, the JVMs compile anew.
    load.reader().countFrom(Load.wallMicros(start + phase.toNanos() / 3) / 1000);
    Histogram late = load.send(Load.Demand.steady(maximum * percent / 100, start), phase);
    long backlog = load.sent() - load.reader().seen();
    double seconds = (System.nanoTime() - start) / 1e9;
    Cpu cores = Cpu.now(load.processes(), broker).since(cpu, seconds);
    load.awaitSeen();
    Histogram latencies = load.reader().latencies();
    return new Result(
        run,
        percent,
        millis(latencies, 99),
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

  static Table table(String model, List<Result> results) {
    return Table.of(
        "Latency: from the intended send time to a read_committed reader, ms",
        "model, guarantee | subject | load | records/s | p50 | p99 | p99.9 | largest"
            + " | backlog at the end | generator late, p99"
            + " | cores of subject + broker + harness + others",
        results.stream().map(result -> result.row(model)).toList());
  }

  /** A load that was measured several times is one claim: the median. */
  static List<Claim> claims(String model, List<Result> results) {
    return results.stream()
        .filter(result -> result.run().subject().name().equals("app"))
        .filter(result -> result.percent() == CLAIMED_LOAD)
        .collect(groupingBy(r -> r.run().guarantee(), LinkedHashMap::new, toList()))
        .values()
        .stream()
        .map(phases -> claim(model, phases))
        .toList();
  }

  private static Claim claim(String model, List<Result> phases) {
    Run run = phases.get(0).run();
    boolean atLeastOnce = run.guarantee() == Guarantee.at_least_once;
    int commit = atLeastOnce ? 0 : run.commitIntervalMillis();
    String promise =
        atLeastOnce
            ? "at least once"
            : "exactly once, above its commit interval of " + commit + " ms";
    return new Claim(
        "latency p99 at 50 % load, "
            + promise
            + ", "
            + model
            + (phases.size() == 1 ? "" : ", median of " + phases.size() + " phases"),
        new Samples(phases.stream().map(phase -> phase.p99Millis() - commit).toList()).median(),
        Bound.AT_MOST,
        atLeastOnce ? 25 : 30,
        "ms");
  }
}
