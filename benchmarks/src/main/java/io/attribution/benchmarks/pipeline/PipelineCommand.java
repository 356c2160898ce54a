package io.attribution.benchmarks.pipeline;

import io.attribution.benchmarks.measure.Report;
import io.attribution.benchmarks.measure.Section;
import io.attribution.benchmarks.measure.Section.Chart;
import io.attribution.benchmarks.measure.Section.Claim;
import io.attribution.benchmarks.measure.Section.Table;
import io.attribution.benchmarks.pipeline.PipelineOptions.Mode;
import io.attribution.benchmarks.pipeline.Run.Guarantee;
import io.attribution.benchmarks.pipeline.Run.Shape;
import io.attribution.benchmarks.pipeline.Workload.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench pipeline}: a broker for each model, then one mode after the other. */
@Command(
    name = "pipeline",
    description = {
      "Measures the stream end to end on an embedded broker.",
      "",
      "Subjects: app, the application without drift stage and HTTP; watched, with both, as its"
          + " defaults are; python, the same job as app's with confluent-kafka, fastavro and"
          + " torch.func; passthrough, Kafka Streams that moves the same bytes and computes"
          + " nothing. Broker, load generator and reader share the machine with the subject.",
      "",
      "A run fails when an output is missing or doubled, or when the results of app and python"
          + " differ."
    })
public final class PipelineCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Report report;
  @Mixin private PipelineOptions options;

  @Override
  public Integer call() throws IOException {
    if (options.subjects().contains("python")) {
      if (options.python.isEmpty()) {
        throw new ParameterException(spec.commandLine(), "--subjects python needs --python");
      }
      // What the interpreter lacks is known before minutes of measuring.
      byte[] unused = options.pythonScript(report.home()).run(List.of("--help"));
    }
    if (options.jfr.isPresent()) {
      Files.createDirectories(options.jfr.get().toAbsolutePath().getParent());
    }
    for (Model model : options.models) {
      Path directory = Files.createTempDirectory("attribution-bench");
      try (Cluster cluster = Cluster.start(directory)) {
        Workload workload = Workload.open(model, report.home(), directory, cluster.registryUrl());
        new ModelBench(model, new Runs(workload, cluster, options, report.home(), directory)).run();
      }
      // Logs are of interest only when a run failed.
      delete(directory);
    }
    if (options.jfr.isPresent()) {
      report.print(FlightRecording.summarize(options.jfr.get()));
    }
    return 0;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void say(String format, Object... values) {
    report.say(String.format(Locale.ROOT, format, values));
  }

  /** All modes for one model, on one broker. */
  private final class ModelBench {
    private final Model model;
    private final Runs runs;
    private final Throughput throughput;

    ModelBench(Model model, Runs runs) {
      this.model = model;
      this.runs = runs;
      this.throughput = new Throughput(runs, options.warmup);
    }

    void run() throws IOException {
      if (options.subjects().contains("passthrough")) {
        // A short run of the application, whose outputs the pass-through writes again.
        int rows = runs.workload().values().size();
        String features = runs.preloaded(options.shape(), rows);
        var unused =
            throughput.measure(
                runs.subject("app"), features, rows, Guarantee.at_least_once, options.shape());
      }
      for (Mode mode : Mode.values()) {
        if (options.modes.contains(mode)) {
          write(mode);
        }
      }
    }

    private void write(Mode mode) throws IOException {
      String name = model.name();
      switch (mode) {
        case throughput -> {
          List<Throughput.Result> results = throughput(List.of(options.shape()), options.rounds());
          write(
              mode.name(),
              Throughput.claims(name, results),
              Throughput.charts(name, results),
              List.of(
                  Throughput.table("Throughput: medians over the rounds", name, results),
                  Throughput.ratios(name, results)));
          var scaling = Throughput.scaling(name, results, runs.workload().valueBytes());
          if (scaling.isPresent()) {
            write("scaling", List.of(), List.of(), List.of(scaling.get()));
          }
        }
        case growth -> {
          List<Throughput.Result> results = throughput(options.shapes(), 1);
          Table table = Throughput.table("Growth: one run of each shape", name, results);
          write(mode.name(), List.of(), List.of(), List.of(table));
        }
        case latency -> {
          List<Latency.Result> results = new ArrayList<>();
          each((subject, guarantee) -> results.addAll(latency(subject, guarantee)));
          write(
              mode.name(),
              Latency.claims(name, results),
              List.of(),
              List.of(Latency.table(name, results)));
        }
        case soak -> {
          List<Soak.Result> results = new ArrayList<>();
          each((subject, guarantee) -> results.add(soak(subject, guarantee)));
          write(
              mode.name(),
              Soak.claims(name, results),
              List.of(),
              List.of(Soak.table(name, results)));
        }
      }
    }

    private void write(String what, List<Claim> claims, List<Chart> charts, List<Table> tables)
        throws IOException {
      tables.forEach(table -> report.print(table.markdown()));
      if (options.jfr.isEmpty()) {
        String name = "pipeline-" + what + "-" + model;
        report.write(new Section(name, report.run(options.described()), claims, charts, tables));
      }
    }

    private void each(BiConsumer<Subject, Guarantee> measure) {
      for (Subject subject : runs.subjects()) {
        options.guarantees.forEach(guarantee -> measure.accept(subject, guarantee));
      }
    }

    /**
     * The first run does not count: the broker's JVM compiles for its first minute, and a virtual
     * machine may fetch free memory from its host, which cost the broker twice the CPU.
     */
    private List<Throughput.Result> throughput(List<Shape> shapes, int rounds) {
      List<Throughput.Result> results = new ArrayList<>();
      boolean warm = false;
      for (Shape shape : shapes) {
        String features = runs.preloaded(shape, options.records(model));
        say("%s: %,d records written", model, options.records(model));
        if (!warm) {
          var unused = measure(runs.subjects().get(0), features, options.guarantees.get(0), shape);
          warm = true;
        }
        for (int round = 0; round < rounds; round++) {
          each((subject, guarantee) -> results.add(measure(subject, features, guarantee, shape)));
        }
      }
      return results;
    }

    private Throughput.Result measure(
        Subject subject, String features, Guarantee guarantee, Shape shape) {
      Throughput.Result result =
          throughput.measure(subject, features, options.records(model), guarantee, shape);
      say(
          "%s %s %s %s: %,.0f records/s, %.1f CPU s and %.1f broker CPU s per million,"
              + " peak %.0f MiB, started in %.1f s, others took %.2f cores",
          model,
          guarantee,
          subject.name(),
          shape.label(),
          result.recordsPerSecond(),
          result.cpu(),
          result.brokerCpu(),
          result.peakMib(),
          result.startSeconds(),
          result.otherCores());
      return result;
    }

    private List<Latency.Result> latency(Subject subject, Guarantee guarantee) {
      say("%s %s %s: latency", model, guarantee, subject.name());
      return new Latency(runs, options).measure(subject, guarantee);
    }

    private Soak.Result soak(Subject subject, Guarantee guarantee) {
      return new Soak(runs, options)
          .measure(
              subject,
              guarantee,
              point ->
                  say(
                      "%s %s: %,d records, %.0f s, resident %.1f MiB",
                      subject.name(),
                      guarantee,
                      point.records(),
                      point.seconds(),
                      point.residentBytes() / (double) (1 << 20)));
    }
  }
}
