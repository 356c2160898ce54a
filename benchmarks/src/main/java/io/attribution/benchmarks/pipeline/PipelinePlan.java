package io.attribution.benchmarks.pipeline;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What an invocation measures.
 *
 * @param home the repository
 * @param subjects by name
 * @param records of one run; absent for the model's default
 * @param warmup share of the records of a throughput run that does not count
 * @param loads percent of the maximum
 * @param maximum records per second; absent to find it
 * @param shapes the first one counts, growth takes all
 * @param settings of the application and the pass-through
 * @param command as typed
 */
record PipelinePlan(
    Path home,
    List<PipelineCommand.Mode> modes,
    List<TestModel.Kind> models,
    List<Guarantee> guarantees,
    List<String> subjects,
    Optional<Long> records,
    double warmup,
    int rounds,
    List<Integer> loads,
    OptionalDouble maximum,
    LatencyBench.Timing timing,
    List<Shape> shapes,
    Optional<Path> python,
    Optional<Integer> pythonProcesses,
    Map<String, String> settings,
    String javaOptions,
    String command) {
  private static final long SOAK_RECORDS = 5_000_000;
  private static final long DIGITS_RECORDS = 1_500_000;
  private static final long WIDE_RECORDS = 150_000;

  PipelinePlan {
    modes = List.copyOf(modes);
    models = List.copyOf(models);
    guarantees = List.copyOf(guarantees);
    subjects = List.copyOf(subjects);
    loads = List.copyOf(loads);
    shapes = List.copyOf(shapes);
    settings = Map.copyOf(settings);
  }

  boolean has(PipelineCommand.Mode mode) {
    return modes.contains(mode);
  }

  Shape shape() {
    return shapes.get(0);
  }

  long records(TestModel.Kind model) {
    return records.orElse(model == TestModel.Kind.wide ? WIDE_RECORDS : DIGITS_RECORDS);
  }

  long soakRecords() {
    return records.orElse(SOAK_RECORDS);
  }
}
