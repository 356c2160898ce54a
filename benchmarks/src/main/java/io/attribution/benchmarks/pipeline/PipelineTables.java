package io.attribution.benchmarks.pipeline;

import io.attribution.benchmarks.report.Figures;
import io.attribution.benchmarks.report.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Results as tables. */
final class PipelineTables {
  private static final double MIB = 1 << 20;

  private PipelineTables() {}

  /** One for each mode that was measured. */
  static List<Table> of(PipelineResults results) {
    return Stream.of(
            throughput(results.throughput()),
            ratios(results.throughput()),
            latency(results.latency()),
            growth(results.growth()),
            soak(results.soak()))
        .filter(table -> !table.rows().isEmpty())
        .toList();
  }

  private static Table throughput(List<ThroughputResult> runs) {
    return new Table(
        "Throughput: medians over the rounds",
        List.of(
            "model, guarantee",
            "subject",
            "P × T × I",
            "records/s",
            "CPU s per million records",
            "broker's CPU s per million",
            "peak resident MiB",
            "others' cores"),
        groups(runs).stream().flatMap(group -> throughputRows(group).stream()).toList());
  }

  private static List<List<String>> throughputRows(List<ThroughputResult> group) {
    return subjects(group).stream()
        .map(
            subject ->
                List.of(
                    label(group.get(0)),
                    subject,
                    group.get(0).shape().label(),
                    Figures.of(Summary.median(group, subject, ThroughputResult::recordsPerSecond)),
                    Figures.of(
                        Summary.median(group, subject, ThroughputResult::cpuSecondsPerMillion)),
                    Figures.of(
                        Summary.median(
                            group, subject, ThroughputResult::brokerCpuSecondsPerMillion)),
                    Figures.of(Summary.median(group, subject, ThroughputResult::peakResidentMib)),
                    Figures.of(Summary.median(group, subject, ThroughputResult::otherCores))))
        .toList();
  }

  private static Table ratios(List<ThroughputResult> runs) {
    return new Table(
        "Throughput: ratios within a round, median over the rounds",
        List.of("model, guarantee", "app / python", "app / passthrough", "watched / app"),
        groups(runs).stream()
            .filter(group -> subjects(group).size() > 1)
            .map(
                group ->
                    List.of(
                        label(group.get(0)),
                        Figures.of(Summary.ratio(group, "app", "python")),
                        Figures.of(Summary.ratio(group, "app", "passthrough")),
                        Figures.of(Summary.ratio(group, "watched", "app"))))
            .toList());
  }

  static Table latency(List<LatencyResult> results) {
    return new Table(
        "Latency: from the intended send time to a read_committed reader, ms",
        List.of(
            "model, guarantee",
            "subject",
            "load",
            "records/s",
            "p50",
            "p99",
            "p99.9",
            "largest",
            "backlog at the end",
            "generator late, p99",
            "cores of subject + broker + harness + others"),
        results.stream().map(PipelineTables::latencyRow).toList());
  }

  private static List<String> latencyRow(LatencyResult result) {
    return List.of(
        result.model() + ", " + result.guarantee(),
        result.subject(),
        result.loadPercent() + " %",
        Figures.of(result.offeredPerSecond()),
        Figures.of(result.p50Millis()),
        Figures.of(result.p99Millis()),
        Figures.of(result.p999Millis()),
        Figures.of(result.maxMillis()),
        Figures.of((double) result.backlog()),
        Figures.of(result.generatorLateP99Millis()),
        String.format(
            Locale.ROOT,
            "%.2f + %.2f + %.2f + %.2f",
            result.subjectCores(),
            result.brokerCores(),
            result.harnessCores(),
            result.otherCores()));
  }

  static Table growth(List<ThroughputResult> runs) {
    return new Table(
        "Growth: one run of each shape",
        List.of(
            "model, guarantee",
            "subject",
            "P × T × I",
            "records/s",
            "CPU s per million records",
            "peak resident MiB"),
        runs.stream()
            .map(
                run ->
                    List.of(
                        label(run),
                        run.subject(),
                        run.shape().label(),
                        Figures.of(run.recordsPerSecond()),
                        Figures.of(run.cpuSecondsPerMillion()),
                        Figures.of(run.peakResidentMib())))
            .toList());
  }

  private static Table soak(List<SoakResult> results) {
    return new Table(
        "Soak: resident memory",
        List.of(
            "model, guarantee",
            "subject",
            "records",
            "seconds",
            "MiB after warm-up",
            "MiB at the end",
            "growth, last third against first, %"),
        results.stream()
            .filter(result -> !result.points().isEmpty())
            .map(PipelineTables::soakRow)
            .toList());
  }

  private static List<String> soakRow(SoakResult result) {
    List<SoakPoint> warm = result.warm();
    SoakPoint last = warm.get(warm.size() - 1);
    return List.of(
        result.model() + ", " + result.guarantee(),
        result.subject(),
        Figures.of((double) last.records()),
        Figures.of(last.seconds()),
        Figures.of(warm.get(0).residentBytes() / MIB),
        Figures.of(last.residentBytes() / MIB),
        String.format(Locale.ROOT, "%+.2f", 100 * result.growth()));
  }

  /** Runs that may be compared: one model, guarantee and shape. */
  static List<List<ThroughputResult>> groups(List<ThroughputResult> runs) {
    Function<ThroughputResult, String> key = run -> label(run) + run.shape().label();
    return List.copyOf(
        runs.stream()
            .collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()))
            .values());
  }

  static List<String> subjects(List<ThroughputResult> runs) {
    return runs.stream().map(ThroughputResult::subject).distinct().toList();
  }

  static String label(ThroughputResult run) {
    return run.model() + ", " + run.guarantee();
  }
}
