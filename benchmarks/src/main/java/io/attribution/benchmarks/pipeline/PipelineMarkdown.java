package io.attribution.benchmarks.pipeline;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Results as Markdown tables. */
final class PipelineMarkdown {
  private static final double MIB = 1 << 20;

  private PipelineMarkdown() {}

  static String of(PipelineResults results) {
    return Stream.of(
            throughput(results.throughput()),
            ratios(results.throughput()),
            latency(results.latency()),
            growth(results.growth()),
            soak(results.soak()))
        .filter(table -> !table.isEmpty())
        .collect(Collectors.joining("\n"));
  }

  static String throughput(List<ThroughputResult> runs) {
    return table(
        "model | guarantee | subject | records/s | CPU s per million | broker CPU s per million"
            + " | peak resident MiB | partitions × threads × instances",
        groups(runs).stream().flatMap(group -> throughputRows(group).stream()).toList());
  }

  private static List<String> throughputRows(List<ThroughputResult> group) {
    return subjects(group).stream()
        .map(
            subject ->
                row(
                    label(group.get(0)),
                    subject,
                    count(Summary.median(group, subject, ThroughputResult::recordsPerSecond)),
                    decimal(Summary.median(group, subject, ThroughputResult::cpuSecondsPerMillion)),
                    decimal(
                        Summary.median(
                            group, subject, ThroughputResult::brokerCpuSecondsPerMillion)),
                    count(Summary.median(group, subject, ThroughputResult::peakResidentMib)),
                    shape(group.get(0).shape())))
        .toList();
  }

  static String ratios(List<ThroughputResult> runs) {
    return table(
        "model | guarantee | app / python | app / passthrough",
        groups(runs).stream()
            .filter(group -> subjects(group).size() > 1)
            .map(
                group ->
                    row(
                        label(group.get(0)),
                        ratio(Summary.ratio(group, "app", "python")),
                        ratio(Summary.ratio(group, "app", "passthrough"))))
            .toList());
  }

  static String latency(List<LatencyResult> results) {
    return table(
        "model | guarantee | subject | load | records/s | p50 ms | p99 ms | p99.9 ms | max ms"
            + " | backlog | generator late p99 ms | cores: subject + broker + harness",
        results.stream()
            .map(
                result ->
                    row(
                        result.model(),
                        result.guarantee().name(),
                        result.subject(),
                        result.loadPercent() + " %",
                        count(result.offeredPerSecond()),
                        decimal(result.p50Millis()),
                        decimal(result.p99Millis()),
                        decimal(result.p999Millis()),
                        decimal(result.maxMillis()),
                        count((double) result.backlog()),
                        decimal(result.generatorLateP99Millis()),
                        ratio(result.subjectCores())
                            + " + "
                            + ratio(result.brokerCores())
                            + " + "
                            + ratio(result.harnessCores())))
            .toList());
  }

  static String growth(List<ThroughputResult> runs) {
    return table(
        "model | guarantee | subject | partitions × threads × instances | records/s"
            + " | CPU s per million | peak resident MiB",
        runs.stream()
            .map(
                run ->
                    row(
                        label(run),
                        run.subject(),
                        shape(run.shape()),
                        count(run.recordsPerSecond()),
                        decimal(run.cpuSecondsPerMillion()),
                        count(run.peakResidentMib())))
            .toList());
  }

  static String soak(List<SoakResult> results) {
    return table(
        "model | guarantee | subject | records | seconds | resident MiB at the end"
            + " | growth after warm-up, last third / first third",
        results.stream()
            .filter(result -> !result.points().isEmpty())
            .map(PipelineMarkdown::soakRow)
            .toList());
  }

  private static String soakRow(SoakResult result) {
    SoakPoint last = result.points().get(result.points().size() - 1);
    return row(
        result.model(),
        result.guarantee().name(),
        result.subject(),
        count((double) last.records()),
        count(last.seconds()),
        count(last.residentBytes() / MIB),
        String.format(Locale.ROOT, "%+.2f %%", 100 * result.growth()));
  }

  /** Runs that may be compared: one model, guarantee and shape. */
  private static List<List<ThroughputResult>> groups(List<ThroughputResult> runs) {
    Function<ThroughputResult, String> key = run -> label(run) + shape(run.shape());
    return List.copyOf(
        runs.stream()
            .collect(Collectors.groupingBy(key, java.util.LinkedHashMap::new, Collectors.toList()))
            .values());
  }

  private static List<String> subjects(List<ThroughputResult> runs) {
    return runs.stream().map(ThroughputResult::subject).distinct().toList();
  }

  private static String label(ThroughputResult run) {
    return run.model() + " | " + run.guarantee();
  }

  private static String shape(Shape shape) {
    return "%d × %d × %d".formatted(shape.partitions(), shape.threads(), shape.instances());
  }

  private static String row(String... cells) {
    return String.join(" | ", cells);
  }

  private static String table(String head, List<String> rows) {
    if (rows.isEmpty()) {
      return "";
    }
    String rule = head.replaceAll("[^|]+", " --- ").strip();
    return Stream.concat(Stream.of(head, rule), rows.stream())
        .map(line -> "| " + line + " |\n")
        .collect(Collectors.joining());
  }

  private static String count(double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%,.0f", value);
  }

  private static String decimal(double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.1f", value);
  }

  private static String ratio(double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.2f", value);
  }
}
