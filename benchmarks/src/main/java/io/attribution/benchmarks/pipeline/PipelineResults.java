package io.attribution.benchmarks.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What one invocation measured.
 *
 * @param command as typed
 * @param date UTC, ISO 8601
 * @param throughput runs in the order they were done
 * @param latency one for each subject, guarantee and load
 * @param growth runs of other shapes
 * @param soak long runs
 */
record PipelineResults(
    String command,
    String date,
    List<ThroughputResult> throughput,
    List<LatencyResult> latency,
    List<ThroughputResult> growth,
    List<SoakResult> soak) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  PipelineResults {
    throughput = List.copyOf(throughput);
    latency = List.copyOf(latency);
    growth = List.copyOf(growth);
    soak = List.copyOf(soak);
  }

  void write(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    JSON.writeValue(file.toFile(), this);
  }

  static PipelineResults read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), PipelineResults.class);
  }
}
