package io.attribution.benchmarks.codec;

import io.attribution.benchmarks.measure.JmhSettings;
import io.attribution.benchmarks.report.Destination;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench codec}. */
@Command(
    name = "codec",
    description =
        "Records in and out: this codec, Avro's generic reader and writer, Confluent's serializer.")
public final class CodecCommand implements Callable<Integer> {
  private static final double MEDIAN = 50;

  @Mixin private Destination destination;

  @Option(
      names = "--floats",
      split = ",",
      defaultValue = "64,2000,20000",
      description = "Lengths of the vectors. Default: ${DEFAULT-VALUE}.")
  private List<Integer> floats;

  @Option(
      names = "--iterations",
      defaultValue = "5",
      description =
          "JMH's iterations of one second, after as many to warm up. Default: ${DEFAULT-VALUE}.")
  private int iterations;

  @Override
  public Integer call() throws IOException, RunnerException {
    Runner runner =
        new Runner(
            new JmhSettings(iterations, 1000)
                .options(CodecBenchmark.class, destination.raw().resolve("jmh-codec.json"))
                .param("floats", floats.stream().map(String::valueOf).toArray(String[]::new))
                .build());
    destination.say("JMH: 9 methods × " + floats.size() + " lengths");
    Map<String, Double> seconds = new LinkedHashMap<>();
    for (RunResult result : runner.run()) {
      seconds.put(
          CodecSection.key(
              result.getPrimaryResult().getLabel(),
              Integer.parseInt(result.getParams().getParam("floats"))),
          result.getPrimaryResult().getStatistics().getPercentile(MEDIAN));
    }
    destination.write(
        run -> new CodecSection(floats, seconds).section(run),
        Map.of("JMH", iterations + " + " + iterations + " iterations of 1 s, one fork"));
    return 0;
  }
}
