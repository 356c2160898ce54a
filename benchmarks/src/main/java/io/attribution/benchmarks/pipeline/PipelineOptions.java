package io.attribution.benchmarks.pipeline;

import io.attribution.benchmarks.engine.Encoder;
import io.attribution.benchmarks.measure.PythonScript;
import io.attribution.benchmarks.pipeline.Run.Guarantee;
import io.attribution.benchmarks.pipeline.Run.Shape;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What is measured, and how. */
final class PipelineOptions {

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
      defaultValue = "throughput,latency",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  List<Mode> modes;

  @Option(
      names = "--model",
      split = ",",
      defaultValue = "digits",
      description =
          "digits (D=64, O=2), wide (D=2000, K=50, O=2, five layers of 1152), many or conv; Python"
              + " makes all but digits. Default: ${DEFAULT-VALUE}.")
  List<Encoder> models;

  @Option(
      names = "--guarantee",
      split = ",",
      defaultValue = "exactly_once_v2,at_least_once",
      description = "Default: ${DEFAULT-VALUE}.")
  List<Guarantee> guarantees;

  @Option(
      names = "--subjects",
      split = ",",
      defaultValue = "app,passthrough",
      description = "${COMPLETION-CANDIDATES} (with --python). Default: ${DEFAULT-VALUE}.")
  List<Subject> subjects;

  @Option(
      names = "--records",
      description =
          "Records of one run. Default: 1500000 for digits, 150000 for others; 5000000 for soak.")
  private Optional<Long> records;

  @Option(
      names = "--warmup",
      paramLabel = "SHARE",
      defaultValue = "0.4",
      description = "Share of throughput's records that does not count. Default: ${DEFAULT-VALUE}.")
  double warmup;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Rounds of throughput; subjects take turns. Default: ${DEFAULT-VALUE}.")
  int rounds;

  @Option(
      names = "--load",
      split = ",",
      paramLabel = "PERCENT",
      defaultValue = "10,50,90",
      description =
          "Loads for latency, of what the subject sustains; one that is listed several times is"
              + " measured as often. Default: ${DEFAULT-VALUE}.")
  List<Integer> loads;

  @Option(
      names = "--warmup-seconds",
      defaultValue = "140",
      description =
          "Load at the maximum before latencies count; its second half finds the maximum."
              + " Default: ${DEFAULT-VALUE}.")
  int warmupSeconds;

  @Option(
      names = "--phase-seconds",
      defaultValue = "60",
      description = "Of one load; its first third does not count. Default: ${DEFAULT-VALUE}.")
  int phaseSeconds;

  @Option(
      names = "--partitions",
      split = ",",
      defaultValue = "2",
      description = "Of every topic; several for growth. Default: ${DEFAULT-VALUE}.")
  private List<Integer> partitions;

  @Option(
      names = "--threads",
      split = ",",
      defaultValue = "1",
      description = "Stream threads; several for growth. Default: ${DEFAULT-VALUE}.")
  private List<Integer> threads;

  @Option(
      names = "--instances",
      split = ",",
      defaultValue = "1",
      description = "Processes of the application; several for growth. Default: ${DEFAULT-VALUE}.")
  private List<Integer> instances;

  @Option(
      names = "--python",
      description = "The interpreter with benchmarks/peers/requirements.txt installed.")
  Optional<Path> python;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting of the application and the pass-through. May be repeated.")
  Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--java-opts",
      defaultValue = "-Xmx1g",
      description = "JVM options of application and pass-through. Default: ${DEFAULT-VALUE}.")
  String javaOptions;

  long records(Encoder model) {
    return records.orElse(model == Encoder.digits ? 1_500_000L : 150_000L);
  }

  long soakRecords() {
    return records.orElse(5_000_000L);
  }

  /** Every combination of partitions, threads and instances. */
  List<Shape> shapes() {
    return partitions.stream()
        .flatMap(
            p -> threads.stream().flatMap(t -> instances.stream().map(i -> new Shape(p, t, i))))
        .toList();
  }

  /** Of all modes but growth. */
  Shape shape() {
    return shapes().get(0);
  }

  /** The Python peer. */
  PythonScript pythonScript(Path home) {
    return new PythonScript(python.orElseThrow(), home, "stream_consumer.py");
  }
}
