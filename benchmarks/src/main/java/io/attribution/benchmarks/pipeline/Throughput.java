package io.attribution.benchmarks.pipeline;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.attribution.benchmarks.engine.Comparison;
import io.attribution.benchmarks.engine.Encoder;
import io.attribution.benchmarks.measure.Figures;
import io.attribution.benchmarks.measure.Samples;
import io.attribution.benchmarks.measure.Section.Chart;
import io.attribution.benchmarks.measure.Section.Claim;
import io.attribution.benchmarks.measure.Section.Table;
import io.attribution.benchmarks.pipeline.Run.Case;
import io.attribution.benchmarks.pipeline.Run.Guarantee;
import io.attribution.benchmarks.pipeline.Run.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Runs subjects through the same preloaded records and checks what they wrote. */
final class Throughput {
  private static final double MIB = 1 << 20;
  private static final String MEASURED = "measured: throughput";

  private final Runs runs;
  private final Consumer<String> say;
  private final Map<Subject, Outputs> outputs = new EnumMap<>(Subject.class);

  /**
   * @param say takes lines of progress
   */
  Throughput(Runs runs, Consumer<String> say) {
    this.runs = runs;
    this.say = say;
  }

  /**
   * One run, from the commit that ended the warm-up to the last.
   *
   * @param outputBytes of one record's projected and reduced values together
   * @param cpu seconds of the subject's processes for a million records
   * @param brokerCpu seconds of the broker, which shares the machine, for a million records
   * @param peakMib resident memory of the subject's processes together
   * @param otherCores processors that anything else on the machine kept busy
   */
  record Result(
      Case of,
      long outputBytes,
      double recordsPerSecond,
      double cpu,
      double brokerCpu,
      double peakMib,
      double otherCores) {

    private Subject subject() {
      return of.subject();
    }
  }

  /** A short run of the application, whose outputs the pass-through writes again. */
  void writePayloads() throws IOException {
    int rows = runs.workload().values().size();
    Shape shape = runs.options().shape();
    Case of = new Case(runs.workload().model(), Guarantee.at_least_once, Subject.app, shape);
    Result unused = measure(of, runs.preloaded(shape, rows), rows);
    Objects.requireNonNull(outputs.get(Subject.app)).write(runs.payloads());
  }

  /**
   * All subjects in turns. The first run does not count: the broker's JVM compiles for its first
   * minute, and a virtual machine may fetch free memory from its host, which cost the broker twice
   * the CPU.
   */
  List<Result> measure(List<Shape> shapes, int rounds) throws IOException {
    List<Result> results = new ArrayList<>();
    for (Shape shape : shapes) {
      long records = runs.options().records(runs.workload().model());
      String features = runs.preloaded(shape, records);
      say.accept("%s: %,d records written".formatted(runs.workload().model(), records));
      List<Case> cases = runs.cases(shape);
      if (results.isEmpty()) {
        Result unused = measure(cases.get(0), features, records);
      }
      for (int round = 0; round < rounds; round++) {
        for (Case of : cases) {
          results.add(measure(of, features, records));
        }
      }
    }
    return results;
  }

  /**
   * @param features the topic with exactly these records
   * @throws IllegalStateException when outputs are missing, doubled or wrong
   */
  private Result measure(Case of, String features, long records) throws IOException {
    Run run = runs.create(of, features, Map.of());
    Progress progress;
    double peak;
    try (Processes processes = run.start()) {
      progress = Progress.until(records, run, processes);
      peak = processes.usage().peakResidentBytes() / MIB;
    }
    Outputs read = Outputs.read(run, records);
    check(of.subject(), read);
    runs.cluster().delete(run.id());
    Progress.Steady steady = progress.steady(records, runs.options().warmup);
    Result result =
        new Result(
            of,
            read.bytes(),
            steady.records() / steady.seconds(),
            1e6 * steady.cpu().subject() / steady.records(),
            1e6 * steady.cpu().broker() / steady.records(),
            peak,
            steady.cpu().others() / steady.seconds());
    say.accept(
        String.format(
            Locale.ROOT,
            "%s, %s %s: %,.0f records/s",
            of.label(),
            of.subject(),
            of.shape(),
            result.recordsPerSecond()));
    return result;
  }

  private void check(Subject subject, Outputs read) {
    outputs.putIfAbsent(subject, read);
    Outputs app = outputs.get(Subject.app);
    Outputs python = outputs.get(Subject.python);
    if (app != null && python != null) {
      Comparison.require("app and python", app.explanations(), python.explanations());
    }
  }

  /** Runs that may be compared: one guarantee and shape. */
  private static Collection<List<Result>> groups(List<Result> results) {
    return results.stream()
        .collect(
            groupingBy(
                result -> result.of().label() + result.of().shape(), LinkedHashMap::new, toList()))
        .values();
  }

  private static Map<Subject, List<Result>> bySubject(List<Result> group) {
    return group.stream().collect(groupingBy(Result::subject, LinkedHashMap::new, toList()));
  }

  private static double median(List<Result> results, ToDoubleFunction<Result> figure) {
    return Samples.median(results.stream().mapToDouble(figure).boxed().toList());
  }

  /** Medians over the rounds, for each guarantee, shape and subject. */
  static Table table(String title, List<Result> results) {
    return Table.of(
        title,
        "model, guarantee | subject | P × T × I | records/s | CPU s per million records"
            + " | broker's CPU s per million | peak resident MiB | others' cores",
        groups(results).stream()
            .flatMap(group -> bySubject(group).values().stream())
            .map(Throughput::row)
            .toList());
  }

  private static List<String> row(List<Result> rounds) {
    Case of = rounds.get(0).of();
    return List.of(
        of.label(),
        of.subject().name(),
        of.shape().toString(),
        Figures.of(median(rounds, Result::recordsPerSecond)),
        Figures.of(median(rounds, Result::cpu)),
        Figures.of(median(rounds, Result::brokerCpu)),
        Figures.of(median(rounds, Result::peakMib)),
        Figures.of(median(rounds, Result::otherCores)));
  }

  static Table ratios(List<Result> results) {
    return Table.of(
        "Throughput: ratios within a round, median over the rounds",
        "model, guarantee | app / python | app / passthrough | watched / app",
        groups(results).stream()
            .filter(group -> bySubject(group).size() > 1)
            .map(
                group ->
                    List.of(
                        group.get(0).of().label(),
                        Figures.of(ratio(group, Subject.app, Subject.python)),
                        Figures.of(ratio(group, Subject.app, Subject.passthrough)),
                        Figures.of(ratio(group, Subject.watched, Subject.app))))
            .toList());
  }

  /** Records per second of one subject over another's in the same round; NaN without a pair. */
  static double ratio(List<Result> group, Subject subject, Subject other) {
    List<Result> own = bySubject(group).getOrDefault(subject, List.of());
    List<Result> others = bySubject(group).getOrDefault(other, List.of());
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < Math.min(own.size(), others.size()); round++) {
      ratios.add(own.get(round).recordsPerSecond() / others.get(round).recordsPerSecond());
    }
    return Samples.median(ratios);
  }

  static List<Claim> claims(List<Result> results) {
    return groups(results).stream()
        .flatMap(Throughput::groupClaims)
        .filter(claim -> !Double.isNaN(claim.measured()))
        .toList();
  }

  private static Stream<Claim> groupClaims(List<Result> group) {
    Case of = group.get(0).of();
    double python = ratio(group, Subject.app, Subject.python);
    // A wide encoder's arithmetic takes many times what Kafka does for a record.
    boolean isBoundByKafka = of.model() == Encoder.digits;
    double passthrough =
        isBoundByKafka ? ratio(group, Subject.app, Subject.passthrough) : Double.NaN;
    return Stream.of(
        Claim.atLeast("end to end / Python consumer, records/s, " + of.label(), python, 5),
        Claim.atLeast(
            "end to end / byte pass-through, records/s, " + of.label(), passthrough, 0.5));
  }

  static List<Chart> charts(List<Result> results) {
    return groups(results).stream().map(Throughput::chart).toList();
  }

  private static Chart chart(List<Result> group) {
    Map<String, Double> bars = new LinkedHashMap<>();
    bySubject(group)
        .forEach(
            (subject, rounds) ->
                bars.put(subject.name(), median(rounds, Result::recordsPerSecond)));
    return new Chart("End to end, " + group.get(0).of().label(), "records/s", bars);
  }

  /**
   * What a million records per second would take: the application's figures under exactly-once,
   * multiplied by what docs/benchmarks/scaling.md assumes. Without rows where they were not
   * measured.
   *
   * @param inputBytes of one input message's value
   */
  static Table scaling(List<Result> results, int inputBytes) {
    List<Result> app =
        results.stream()
            .filter(result -> result.subject() == Subject.app)
            .filter(result -> result.of().guarantee() == Guarantee.exactly_once_v2)
            .toList();
    return Table.of(
        results.get(0).of().model() + ", exactly once: for 1,000,000 records per second",
        "what | figure | where from",
        app.isEmpty() ? List.of() : scalingRows(app, inputBytes));
  }

  private static List<List<String>> scalingRows(List<Result> app, int inputBytes) {
    double cpu = median(app, Result::cpu);
    double brokerCpu = median(app, Result::brokerCpu);
    double outputBytes = (double) app.get(0).outputBytes();
    double copied = 3 * (inputBytes + outputBytes);
    return List.of(
        row("CPU seconds of the application per million records", cpu, MEASURED),
        row("CPU seconds of the broker per million records", brokerCpu, MEASURED),
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
  }

  private static List<String> row(String what, double figure, String from) {
    return List.of(what, Figures.of(figure), from);
  }
}
