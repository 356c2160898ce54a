package io.attribution.benchmarks.pipeline;

import io.attribution.benchmarks.profile.FlightRecording;
import io.attribution.benchmarks.report.Destination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench pipeline}. */
@Command(
    name = "pipeline",
    description = {
      "Measures the stream end to end on an embedded broker.",
      "",
      "Subjects: app, the application without drift stage and HTTP; watched, with both, as its"
          + " defaults are; python, the same job as app's with confluent-kafka, fastavro and"
          + " torch.func; passthrough, Kafka Streams that moves the same bytes and computes nothing."
          + " Broker, load generator and reader share the machine with whatever is measured.",
      "",
      "A run fails when an output is missing or doubled, or when app and python do not say the same."
    })
public final class PipelineCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private Destination destination;

  /** What is measured. */
  enum Mode {
    throughput,
    latency,
    growth,
    soak
  }

  @Option(
      names = "--mode",
      split = ",",
      paramLabel = "MODE",
      defaultValue = "throughput,latency",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private List<Mode> modes;

  @Option(
      names = "--model",
      split = ",",
      paramLabel = "MODEL",
      defaultValue = "digits",
      description =
          "digits (64 features, 2 outputs) or wide (2000 features, 50 components, five layers of"
              + " 1152, 2 outputs). Default: ${DEFAULT-VALUE}.")
  private List<TestModel.Kind> models;

  @Option(
      names = "--guarantee",
      split = ",",
      paramLabel = "GUARANTEE",
      defaultValue = "exactly_once_v2,at_least_once",
      description = "Default: ${DEFAULT-VALUE}.")
  private List<Guarantee> guarantees;

  @Option(
      names = "--subjects",
      split = ",",
      paramLabel = "SUBJECT",
      defaultValue = "app,passthrough",
      description =
          "app, watched, python (needs --python), passthrough. Default: ${DEFAULT-VALUE}.")
  private List<String> subjects;

  @Option(
      names = "--records",
      paramLabel = "N",
      description =
          "Records of one run. Default: 1500000 for digits, 150000 for wide; 5000000 for soak.")
  private Optional<Long> records;

  @Option(
      names = "--warmup",
      paramLabel = "SHARE",
      defaultValue = "0.4",
      description =
          "Share of a throughput run's records that does not count: the JVM compiles for ten"
              + " seconds and more. Default: ${DEFAULT-VALUE}.")
  private double warmup;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Rounds of throughput; subjects take turns. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--load",
      split = ",",
      paramLabel = "PERCENT",
      defaultValue = "10,50,90",
      description =
          "Loads for latency, of the maximum; one that stands several times is measured as"
              + " often. Default: ${DEFAULT-VALUE}.")
  private List<Integer> loads;

  @Option(
      names = "--maximum",
      paramLabel = "RATE",
      description =
          "Records per second that loads are shares of. Default: what the subject sustains with"
              + " generator and reader beside it.")
  private Optional<Double> maximum;

  @Option(
      names = "--warmup-seconds",
      paramLabel = "S",
      defaultValue = "140",
      description =
          "Load at the maximum before latencies count; its second half finds the maximum. On two"
              + " cores the JVMs compile for two minutes. Default:"
              + " ${DEFAULT-VALUE}.")
  private int warmupSeconds;

  @Option(
      names = "--phase-seconds",
      paramLabel = "S",
      defaultValue = "60",
      description =
          "Of one load; its first third does not count: where the load changes, the JVMs compile"
              + " anew, and at 90 %% a queue has to go. Default: ${DEFAULT-VALUE}.")
  private int phaseSeconds;

  @Option(
      names = "--partitions",
      split = ",",
      paramLabel = "P",
      defaultValue = "2",
      description = "Of every topic; several for growth. Default: ${DEFAULT-VALUE}.")
  private List<Integer> partitions;

  @Option(
      names = "--threads",
      split = ",",
      paramLabel = "T",
      defaultValue = "1",
      description = "Stream threads; several for growth. Default: ${DEFAULT-VALUE}.")
  private List<Integer> threads;

  @Option(
      names = "--instances",
      split = ",",
      paramLabel = "I",
      defaultValue = "1",
      description = "Processes of the application; several for growth. Default: ${DEFAULT-VALUE}.")
  private List<Integer> instances;

  @Option(
      names = "--python",
      paramLabel = "FILE",
      description = "The interpreter with benchmarks/peers/requirements.txt installed.")
  private Optional<Path> python;

  @Option(
      names = "--python-processes",
      paramLabel = "N",
      description =
          "Processes of the Python peer. Default: one per core, at most one per partition.")
  private Optional<Integer> pythonProcesses;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting of the application and the pass-through. May be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--java-opts",
      paramLabel = "OPTIONS",
      defaultValue = "-Xmx1g",
      description = "JVM options of application and pass-through. Default: ${DEFAULT-VALUE}.")
  private String javaOptions;

  @Option(
      names = "--jfr",
      paramLabel = "FILE",
      description =
          "Records the application's JVM and says what it spent its time on; measures that run"
              + " only, one round.")
  private Optional<Path> jfr;

  @Option(
      names = "--results",
      paramLabel = "FILE",
      description =
          "All measurements as JSON; new ones take the place of older ones of the same mode and"
              + " model. Default: benchmarks/target/results/pipeline.json.")
  private Optional<Path> file;

  @Override
  public Integer call() throws IOException {
    if (jfr.isPresent()) {
      Files.createDirectories(jfr.get().toAbsolutePath().getParent());
    }
    PipelineResults measured = new PipelineBench(plan(), destination::say).run();
    PipelineTables.of(measured).forEach(table -> print(table.markdown()));
    if (jfr.isPresent()) {
      print(FlightRecording.summarize(jfr.get()));
      return 0;
    }
    Path results = file.orElse(destination.scratch().resolve("results/pipeline.json"));
    PipelineResults all = PipelineResults.read(results).with(measured);
    all.write(results);
    Files.createDirectories(destination.folder());
    Files.writeString(destination.folder().resolve("scaling.md"), new ScalingPage(all).markdown());
    destination.write(run -> new PipelineSection(all).section(run), described());
    return 0;
  }

  private Map<String, String> described() {
    return Map.of("JVM options", javaOptions, "rounds", Integer.toString(rounds));
  }

  private PipelinePlan plan() {
    if (subjects.contains("python") && python.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--subjects python needs --python");
    }
    Path home = destination.home().toAbsolutePath().normalize();
    if (subjects.contains("python")) {
      PythonSubject.requireReady(python.get(), home);
    }
    return new PipelinePlan(
        home,
        modes,
        models,
        guarantees,
        jfr.isPresent() ? List.of("app") : subjects,
        records,
        warmup,
        jfr.isPresent() ? 1 : rounds,
        loads,
        maximum.map(OptionalDouble::of).orElse(OptionalDouble.empty()),
        new LatencyBench.Timing(
            Duration.ofSeconds(warmupSeconds),
            Duration.ofSeconds(phaseSeconds),
            Duration.ofSeconds(phaseSeconds).dividedBy(3)),
        shapes(),
        python,
        pythonProcesses,
        settings,
        jfr.map(file -> javaOptions + " " + FlightRecording.jvmOption(file.toAbsolutePath()))
            .orElse(javaOptions),
        destination.command());
  }

  private List<Shape> shapes() {
    return partitions.stream()
        .flatMap(
            p -> threads.stream().flatMap(t -> instances.stream().map(i -> new Shape(p, t, i))))
        .toList();
  }

  private void print(String text) {
    spec.commandLine().getOut().println(text);
    spec.commandLine().getOut().flush();
  }
}
