package io.attribution.benchmarks.pipeline;

import io.attribution.benchmarks.engine.Encoder;
import io.attribution.benchmarks.measure.Report;
import io.attribution.benchmarks.measure.Section;
import io.attribution.benchmarks.measure.Section.Chart;
import io.attribution.benchmarks.measure.Section.Claim;
import io.attribution.benchmarks.measure.Section.Table;
import io.attribution.benchmarks.pipeline.PipelineOptions.Mode;
import io.attribution.benchmarks.pipeline.Run.Case;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
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
    if (options.subjects.contains(Subject.python)) {
      if (options.python.isEmpty()) {
        throw new ParameterException(spec.commandLine(), "--subjects python needs --python");
      }
      // What the interpreter lacks is known before minutes of measuring.
      byte[] unused = options.pythonScript(report.home()).run(List.of("--help"));
    }
    for (Encoder model : options.models) {
      Path directory = Files.createTempDirectory("attribution-bench");
      try (Cluster cluster = Cluster.start(directory)) {
        Workload workload =
            Workload.open(model, report.home(), options.python, cluster.registryUrl());
        measure(
            new Runs(workload, cluster, options, report.home(), directory, new AtomicInteger()));
      }
      // Logs are of interest only when a run failed.
      delete(directory);
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

  /** All modes for one model, on one broker. */
  private void measure(Runs runs) throws IOException {
    Throughput throughput = new Throughput(runs, report::say);
    if (options.subjects.contains(Subject.passthrough)) {
      throughput.writePayloads();
    }
    for (Mode mode : Mode.values()) {
      if (options.modes.contains(mode)) {
        measure(mode, runs, throughput);
      }
    }
  }

  private void measure(Mode mode, Runs runs, Throughput throughput) throws IOException {
    List<Case> cases = runs.cases(options.shape());
    String name = mode + "-" + runs.workload().model();
    switch (mode) {
      case throughput -> {
        var results = throughput.measure(List.of(options.shape()), options.rounds);
        write(
            name,
            Throughput.claims(results),
            Throughput.charts(results),
            List.of(
                Throughput.table("Throughput: medians over the rounds", results),
                Throughput.ratios(results)));
        Table scaling = Throughput.scaling(results, runs.workload().valueBytes());
        if (!scaling.rows().isEmpty()) {
          write("scaling-" + runs.workload().model(), List.of(), List.of(), List.of(scaling));
        }
      }
      case growth -> {
        var results = throughput.measure(options.shapes(), 1);
        Table table = Throughput.table("Growth: one run of each shape", results);
        write(name, List.of(), List.of(), List.of(table));
      }
      case latency -> {
        List<Latency.Result> results = new ArrayList<>();
        for (Case each : cases) {
          report.say(each.label() + ", " + each.subject() + ": latency");
          results.addAll(new Latency(runs).measure(each));
        }
        write(name, Latency.claims(results), List.of(), List.of(Latency.table(results)));
      }
      case soak -> {
        Soak soak = new Soak(runs, report::say);
        List<Soak.Result> results = cases.stream().map(soak::measure).toList();
        write(name, Soak.claims(results), List.of(), List.of(Soak.table(results)));
      }
    }
  }

  private void write(String name, List<Claim> claims, List<Chart> charts, List<Table> tables)
      throws IOException {
    Map<String, String> settings =
        Map.of("JVM options", options.javaOptions, "rounds", Integer.toString(options.rounds));
    report.write(new Section("pipeline-" + name, report.run(settings), claims, charts, tables));
  }
}
