package io.attribution.benchmarks.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What was measured, by one invocation or by several one after the other.
 *
 * @param commands by mode and model, such as {@code soak digits}
 * @param throughput runs in the order they were done
 * @param latency one for each subject, guarantee and phase of a load
 * @param growth runs of other shapes
 * @param soak long runs
 */
record PipelineResults(
    Map<String, String> commands,
    List<ThroughputResult> throughput,
    List<LatencyResult> latency,
    List<ThroughputResult> growth,
    List<SoakResult> soak) {
  static final PipelineResults NONE =
      new PipelineResults(Map.of(), List.of(), List.of(), List.of(), List.of());

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  PipelineResults {
    commands = new TreeMap<>(commands);
    throughput = List.copyOf(throughput);
    latency = List.copyOf(latency);
    growth = List.copyOf(growth);
    soak = List.copyOf(soak);
  }

  /** With newer results in place of older ones of the same mode and model. */
  PipelineResults with(PipelineResults newer) {
    Map<String, String> both = new TreeMap<>(commands);
    both.putAll(newer.commands);
    return new PipelineResults(
        both,
        replace(throughput, newer.throughput, ThroughputResult::model),
        replace(latency, newer.latency, LatencyResult::model),
        replace(growth, newer.growth, ThroughputResult::model),
        replace(soak, newer.soak, SoakResult::model));
  }

  private static <T> List<T> replace(List<T> older, List<T> newer, Function<T, String> model) {
    List<String> measured = newer.stream().map(model).toList();
    return Stream.concat(
            older.stream().filter(result -> !measured.contains(model.apply(result))),
            newer.stream())
        .toList();
  }

  void write(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    JSON.writeValue(file.toFile(), this);
  }

  /** Nothing where there is no file. */
  static PipelineResults read(Path file) throws IOException {
    return Files.exists(file) ? JSON.readValue(file.toFile(), PipelineResults.class) : NONE;
  }
}
