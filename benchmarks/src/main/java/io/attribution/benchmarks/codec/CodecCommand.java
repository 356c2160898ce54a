package io.attribution.benchmarks.codec;

import io.attribution.benchmarks.measure.Figures;
import io.attribution.benchmarks.measure.Jmh;
import io.attribution.benchmarks.measure.Report;
import io.attribution.benchmarks.measure.Section;
import io.attribution.benchmarks.measure.Section.Chart;
import io.attribution.benchmarks.measure.Section.Claim;
import io.attribution.benchmarks.measure.Section.Run;
import io.attribution.benchmarks.measure.Section.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.RunResult;
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
  private static final int CLAIMED_FLOATS = 2000;
  private static final double CLAIMED_RATIO = 20;
  private static final List<String> OPERATIONS =
      List.of("decode", "encodeProjected", "encodeReduced");

  @Mixin private Report report;
  @Mixin private Jmh jmh;

  @Option(
      names = "--floats",
      split = ",",
      defaultValue = "64,2000,20000",
      description = "Lengths of the vectors. Default: ${DEFAULT-VALUE}.")
  private List<Integer> floats;

  /** Median seconds of a call by codec, operation and length, such as "Avro decode 2000". */
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  @Override
  public Integer call() throws IOException, RunnerException {
    report.say("JMH: 3 codecs × 3 methods × " + floats.size() + " lengths");
    Path raw = report.scratch().resolve("raw/jmh-codec.json");
    for (RunResult result : jmh.run(CodecBenchmark.class, raw, Map.of("floats", floats))) {
      seconds.put(
          "%s %s %s"
              .formatted(
                  result.getParams().getParam("codec"),
                  result.getPrimaryResult().getLabel(),
                  result.getParams().getParam("floats")),
          Jmh.median(result));
    }
    report.write(section(report.run(Map.of("JMH", jmh.description()))));
    return 0;
  }

  private Section section(Run run) {
    List<Claim> claims =
        OPERATIONS.stream()
            .filter(operation -> floats.contains(CLAIMED_FLOATS))
            .map(
                operation ->
                    Claim.atLeast(
                        "codec, " + operation + " / Avro generic, 2,000 floats",
                        ratio("Avro", operation, CLAIMED_FLOATS),
                        CLAIMED_RATIO))
            .toList();
    return new Section(
        "codec", run, claims, List.of(chart("Avro"), chart("Confluent")), List.of(table()));
  }

  private double time(String codec, String operation, int length) {
    return seconds.getOrDefault(codec + " " + operation + " " + length, Double.NaN);
  }

  /** How many times as fast this codec is as a peer. */
  private double ratio(String peer, String operation, int length) {
    return time(peer, operation, length) / time("attribution", operation, length);
  }

  private Chart chart(String peer) {
    Map<String, Double> bars = new LinkedHashMap<>();
    for (String operation : OPERATIONS) {
      for (int length : floats) {
        bars.put(operation + ", " + Figures.count(length), ratio(peer, operation, length));
      }
    }
    return new Chart("Speed of the codec", "times as fast as " + peer, bars);
  }

  private Table table() {
    return Table.of(
        "One record: median time",
        "operation | floats | this codec | Avro generic | Confluent | × Avro generic"
            + " | × Confluent",
        OPERATIONS.stream()
            .flatMap(operation -> floats.stream().map(length -> row(operation, length)))
            .toList());
  }

  private List<String> row(String operation, int length) {
    return List.of(
        operation,
        Figures.count(length),
        Figures.seconds(time("attribution", operation, length)),
        Figures.seconds(time("Avro", operation, length)),
        Figures.seconds(time("Confluent", operation, length)),
        Figures.of(ratio("Avro", operation, length)),
        Figures.of(ratio("Confluent", operation, length)));
  }
}
