package io.attribution.benchmarks.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Option;

/** How long JMH measures; the option that the benchmarks with JMH share. */
public final class Jmh {
  private static final double MEDIAN = 50;

  @Option(
      names = "--iterations",
      defaultValue = "5",
      description =
          "JMH's iterations of one second, after as many to warm up; 0 skips JMH. Default:"
              + " ${DEFAULT-VALUE}.")
  private int iterations;

  public boolean isOn() {
    return iterations > 0;
  }

  /** For a page's settings. */
  public String description() {
    return iterations + " + " + iterations + " iterations of 1 s, one fork";
  }

  /**
   * Runs one class, a fork for each combination of its parameters.
   *
   * @param results JMH's own results, as JSON
   * @param parameters values by name
   */
  public Collection<RunResult> run(
      Class<?> benchmark, Path results, Map<String, List<?>> parameters)
      throws IOException, RunnerException {
    Files.createDirectories(results.toAbsolutePath().getParent());
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(benchmark.getName().replace(".", "\\.") + "\\.")
            .forks(1)
            .warmupIterations(iterations)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(iterations)
            .measurementTime(TimeValue.seconds(1))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .resultFormat(ResultFormatType.JSON)
            .result(results.toString());
    parameters.forEach(
        (name, values) ->
            options.param(name, values.stream().map(String::valueOf).toArray(String[]::new)));
    return new Runner(options.build()).run();
  }

  /** Median seconds of a call. */
  public static double median(RunResult result) {
    return result.getPrimaryResult().getStatistics().getPercentile(MEDIAN);
  }
}
