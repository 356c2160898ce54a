package io.attribution.benchmarks.pipeline;

import io.attribution.benchmarks.profile.FlightRecording;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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
      "Subjects: app, the application as a user starts it; python, the same job with"
          + " confluent-kafka, fastavro and torch.func; passthrough, Kafka Streams that moves the"
          + " same bytes and computes nothing. Broker, load generator and reader share the machine"
          + " with whatever is measured.",
      "",
      "A run fails when an output is missing or doubled, or when app and python do not say the same."
    })
public final class PipelineCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

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
      description = "app, python (needs --python), passthrough. Default: ${DEFAULT-VALUE}.")
  private List<String> subjects;

  @Option(
      names = "--records",
      paramLabel = "N",
      description =
          "Records of one run. Default: 400000 for digits, 30000 for wide; 5000000 for soak.")
  private Optional<Long> records;

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
      description = "Loads for latency, of the maximum. Default: ${DEFAULT-VALUE}.")
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
      defaultValue = "20",
      description =
          "Load at the maximum before latencies count; its second half finds the maximum. Default:"
              + " ${DEFAULT-VALUE}.")
  private int warmupSeconds;

  @Option(
      names = "--phase-seconds",
      paramLabel = "S",
      defaultValue = "20",
      description = "Of one load; its first fifth does not count. Default: ${DEFAULT-VALUE}.")
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
      names = "--output",
      paramLabel = "FILE",
      description =
          "Results as JSON. Default: benchmarks/target/results/pipeline-<modes>-<models>.json.")
  private Optional<Path> output;

  @Override
  public Integer call() throws IOException {
    PipelinePlan plan = plan();
    PipelineResults results = new PipelineBench(plan, this::say).run();
    results.write(plan.output());
    say("");
    say(PipelineMarkdown.of(results));
    say("Results: " + plan.output());
    if (jfr.isPresent()) {
      say(FlightRecording.summarize(jfr.get()));
    }
    return 0;
  }

  private PipelinePlan plan() {
    if (subjects.contains("python") && python.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--subjects python needs --python");
    }
    Path home = home();
    return new PipelinePlan(
        home,
        modes,
        models,
        guarantees,
        jfr.isPresent() ? List.of("app") : subjects,
        records,
        jfr.isPresent() ? 1 : rounds,
        loads,
        maximum.map(OptionalDouble::of).orElse(OptionalDouble.empty()),
        new LatencyBench.Timing(
            Duration.ofSeconds(warmupSeconds),
            Duration.ofSeconds(phaseSeconds),
            Duration.ofSeconds(phaseSeconds).dividedBy(5)),
        shapes(),
        python,
        pythonProcesses,
        settings,
        jfr.map(file -> javaOptions + " " + FlightRecording.jvmOption(file.toAbsolutePath()))
            .orElse(javaOptions),
        output.orElseGet(() -> home.resolve(defaultOutput())),
        String.join(" ", spec.commandLine().getParseResult().originalArgs()));
  }

  private List<Shape> shapes() {
    return partitions.stream()
        .flatMap(
            p -> threads.stream().flatMap(t -> instances.stream().map(i -> new Shape(p, t, i))))
        .toList();
  }

  private String defaultOutput() {
    return "benchmarks/target/results/pipeline-%s-%s.json".formatted(joined(modes), joined(models));
  }

  private static String joined(List<?> names) {
    return String.join("+", names.stream().map(Object::toString).toList());
  }

  /** The launcher says where the repository is. */
  private static Path home() {
    return Path.of(System.getProperty("attribution.home", ".")).toAbsolutePath().normalize();
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
