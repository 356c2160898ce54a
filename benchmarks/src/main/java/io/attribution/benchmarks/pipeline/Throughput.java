package io.attribution.benchmarks.pipeline;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.attribution.benchmarks.engine.Comparison;
import io.attribution.benchmarks.measure.Figures;
import io.attribution.benchmarks.measure.Samples;
import io.attribution.benchmarks.measure.Section.Chart;
import io.attribution.benchmarks.measure.Section.Claim;
import io.attribution.benchmarks.measure.Section.Table;
import io.attribution.benchmarks.pipeline.Run.Guarantee;
import io.attribution.benchmarks.pipeline.Run.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Runs subjects through the same preloaded records and checks what they wrote. */
final class Throughput {
  private static final double MIB = 1 << 20;
  private static final String MEASURED = "measured: throughput";

  private final Runs runs;
  private final double warmup;
  private final Map<String, Outputs> outputs = new HashMap<>();

  /**
   * @param warmup share of the records that does not count: compilers work, buffers fill
   */
  Throughput(Runs runs, double warmup) {
    this.runs = runs;
    this.warmup = warmup;
  }

  /**
   * One run, from the commit that ended the warm-up to the last.
   *
   * @param outputBytes of one record's projected and reduced values together
   * @param cpu seconds of the subject's processes for a million records
   * @param brokerCpu seconds of the broker, which shares the machine, for a million records
   * @param peakMib resident memory of the subject's processes together
   * @param startSeconds from the start of the processes to the first committed output
   * @param otherCores processors that anything else on the machine kept busy
   */
  record Result(
      Run run,
      long outputBytes,
      double recordsPerSecond,
      double cpu,
      double brokerCpu,
      double peakMib,
      double startSeconds,
      double otherCores) {

    private String subject() {
      return run.subject().name();
    }
  }

  /**
   * @param features the topic with exactly these records
   * @throws IllegalStateException when outputs are missing, doubled or wrong
   */
  Result measure(Subject subject, String features, long records, Guarantee guarantee, Shape shape) {
    Run run = runs.create(subject, features, guarantee, shape, Map.of());
    long started = System.nanoTime();
    Progress progress;
    double peak;
    try (Processes processes = run.start()) {
      progress = Progress.until(records, run, processes, runs.cluster());
      peak = processes.usage().peakResidentBytes() / MIB;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Outputs read = Outputs.read(run, runs.cluster(), records);
    check(subject.name(), read);
    runs.cluster().delete(run.id());
    Progress.Steady steady = progress.steady(records, warmup);
    return new Result(
        run,
        read.bytes(),
        steady.records() / steady.seconds(),
        1e6 * steady.cpu().subject() / steady.records(),
        1e6 * steady.cpu().broker() / steady.records(),
        peak,
        (progress.first().nanos() - started) / 1e9,
        steady.cpu().others() / steady.seconds());
  }

  private void check(String subject, Outputs read) {
    if (subject.equals("app") && !Files.exists(runs.payloads())) {
      try {
        read.write(runs.payloads());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    outputs.putIfAbsent(subject, read);
    Outputs app = outputs.get("app");
    Outputs python = outputs.get("python");
    if (app != null && python != null) {
      Comparison.require("app and python", app.explanations(), python.explanations());
    }
  }

  /** Runs that may be compared: one guarantee and shape. */
  private static Collection<List<Result>> groups(List<Result> results) {
    return results.stream()
        .collect(
            groupingBy(
                result -> result.run().guarantee() + result.run().shape().label(),
                LinkedHashMap::new,
                toList()))
        .values();
  }

  private static Map<String, List<Result>> bySubject(List<Result> group) {
    return group.stream().collect(groupingBy(Result::subject, LinkedHashMap::new, toList()));
  }

  private static double median(List<Result> results, ToDoubleFunction<Result> figure) {
    return Samples.median(results.stream().mapToDouble(figure).boxed().toList());
  }

  /** Medians over the rounds, for each guarantee, shape and subject. */
  static Table table(String title, String model, List<Result> results) {
    List<List<String>> rows = new ArrayList<>();
    for (List<Result> group : groups(results)) {
      bySubject(group).values().forEach(rounds -> rows.add(row(model, rounds)));
    }
    return Table.of(
        title,
        "model, guarantee | subject | P × T × I | records/s | CPU s per million records"
            + " | broker's CPU s per million | peak resident MiB | others' cores",
        rows);
  }

  private static List<String> row(String model, List<Result> rounds) {
    return List.of(
        label(model, rounds),
        rounds.get(0).subject(),
        rounds.get(0).run().shape().label(),
        Figures.of(median(rounds, Result::recordsPerSecond)),
        Figures.of(median(rounds, Result::cpu)),
        Figures.of(median(rounds, Result::brokerCpu)),
        Figures.of(median(rounds, Result::peakMib)),
        Figures.of(median(rounds, Result::otherCores)));
  }

  static Table ratios(String model, List<Result> results) {
    return Table.of(
        "Throughput: ratios within a round, median over the rounds",
        "model, guarantee | app / python | app / passthrough | watched / app",
        groups(results).stream()
            .filter(group -> bySubject(group).size() > 1)
            .map(
                group ->
                    List.of(
                        label(model, group),
                        Figures.of(ratio(group, "app", "python")),
                        Figures.of(ratio(group, "app", "passthrough")),
                        Figures.of(ratio(group, "watched", "app"))))
            .toList());
  }

  private static String label(String model, List<Result> group) {
    return model + ", " + group.get(0).run().guarantee();
  }

  /** Records per second of one subject over another's in the same round; NaN without a pair. */
  static double ratio(List<Result> group, String subject, String other) {
    List<Result> own = bySubject(group).getOrDefault(subject, List.of());
    List<Result> others = bySubject(group).getOrDefault(other, List.of());
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < Math.min(own.size(), others.size()); round++) {
      ratios.add(own.get(round).recordsPerSecond() / others.get(round).recordsPerSecond());
    }
    return Samples.median(ratios);
  }

  static List<Claim> claims(String model, List<Result> results) {
    return groups(results).stream()
        .flatMap(
            group -> {
              String label = label(model, group);
              double passthrough = ratio(group, "app", "passthrough");
              // A wide encoder's arithmetic takes many times what Kafka does for a record.
              boolean isBoundByKafka = model.equals("digits");
              return Stream.of(
                  Claim.atLeast(
                      "end to end / Python consumer, records/s, " + label,
                      ratio(group, "app", "python"),
                      5),
                  Claim.atLeast(
                      "end to end / byte pass-through, records/s, " + label,
                      isBoundByKafka ? passthrough : Double.NaN,
                      0.5));
            })
        .filter(claim -> !Double.isNaN(claim.measured()))
        .toList();
  }

  static List<Chart> charts(String model, List<Result> results) {
    return groups(results).stream()
        .map(
            group -> {
              Map<String, Double> bars = new LinkedHashMap<>();
              bySubject(group)
                  .forEach(
                      (subject, rounds) ->
                          bars.put(subject, median(rounds, Result::recordsPerSecond)));
              return new Chart("End to end, " + label(model, group), "records/s", bars);
            })
        .toList();
  }

  /**
   * What a million records per second would take: the application's figures under exactly-once,
   * multiplied by what docs/benchmarks/scaling.md assumes. Empty where they were not measured.
   *
   * @param inputBytes of one input message's value
   */
  static Optional<Table> scaling(String model, List<Result> results, int inputBytes) {
    List<Result> app =
        results.stream()
            .filter(result -> result.subject().equals("app"))
            .filter(result -> result.run().guarantee() == Guarantee.exactly_once_v2)
            .toList();
    if (app.isEmpty()) {
      return Optional.empty();
    }
    double cpu = median(app, Result::cpu);
    double outputBytes = (double) app.get(0).outputBytes();
    double copied = 3 * (inputBytes + outputBytes);
    List<List<String>> rows =
        List.of(
            row("CPU seconds of the application per million records", cpu, MEASURED),
            row(
                "CPU seconds of the broker per million records",
                median(app, Result::brokerCpu),
                MEASURED),
            row("bytes of an input record", inputBytes, "measured: its message"),
            row("bytes of its outputs, uncompressed", outputBytes, "measured: their messages"),
            row("application cores that are busy", cpu, "= CPU seconds for 1 s of records"),
            row(
                "application machines",
                Math.ceil(cpu / (16 * 0.6)),
                "assumed: 16 cores each, 60 % busy"),
            row("MB/s into the application", inputBytes, "= bytes × 1 M/s"),
            row("MB/s out of the application", outputBytes, "= bytes × 1 M/s"),
            row("MB/s onto brokers, copies included", copied, "= (in + out) × 3"),
            row("brokers, by bytes", Math.ceil(copied / 200), "assumed: 200 MB/s each"),
            row("partitions, at least", Math.ceil(cpu / 0.6), "one for each stream thread"));
    String title = model + ", exactly once: for 1,000,000 records per second";
    return Optional.of(Table.of(title, "what | figure | where from", rows));
  }

  private static List<String> row(String what, double figure, String from) {
    return List.of(what, Figures.of(figure), from);
  }
}
