package io.attribution.benchmarks.drift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * scipy and river on the same rows; see {@code benchmarks/peers/drift_peer.py}.
 *
 * @param python an interpreter that has both
 * @param script drift_peer.py
 */
record Peers(String python, Path script) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Alarms by peer; one that is slow has seen the first streams only.
   *
   * @param rate of false alarms per window that they are asked for
   */
  List<Alarms> alarms(Scenario scenario, List<ExplainedRows> streams, double rate)
      throws IOException {
    Path file = Files.createTempFile("attribution-bench", ".f32");
    try {
      write(file, streams);
      return parse(
          scenario,
          run(
              List.of(
                  python,
                  script.toString(),
                  file.toString(),
                  String.valueOf(scenario.rows()),
                  String.valueOf(scenario.features()),
                  String.valueOf(scenario.reference()),
                  String.valueOf(scenario.window()),
                  String.valueOf(scenario.after() == 0 ? -1 : scenario.shiftRow()),
                  String.valueOf(rate))));
    } finally {
      Files.delete(file);
    }
  }

  private static void write(Path file, List<ExplainedRows> streams) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      for (ExplainedRows stream : streams) {
        for (int row = 0; row < stream.rows(); row++) {
          float[] reduced = stream.reduced(row);
          ByteBuffer bytes = ByteBuffer.allocate(reduced.length * Float.BYTES);
          bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(reduced);
          out.write(bytes.array());
        }
      }
    }
  }

  private static JsonNode run(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    byte[] answer = process.getInputStream().readAllBytes();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(
            "the Python peer failed: has " + command.get(0) + " river and scipy?");
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the Python peer ran", e);
    }
    return JSON.readTree(answer);
  }

  private static List<Alarms> parse(Scenario scenario, JsonNode answer) {
    List<Alarms> alarms = new ArrayList<>();
    for (JsonNode peer : answer) {
      List<List<Named>> streams = new ArrayList<>();
      peer.get("streams").forEach(stream -> streams.add(stream(stream)));
      alarms.add(
          new Alarms(peer.get("name").asText(), scenario, peer.get("windows").asInt(), streams));
    }
    return alarms;
  }

  private static List<Named> stream(JsonNode stream) {
    List<Named> alarms = new ArrayList<>();
    for (JsonNode alarm : stream) {
      List<Integer> features = new ArrayList<>();
      alarm.get(1).forEach(feature -> features.add(feature.asInt()));
      alarms.add(new Named(alarm.get(0).asInt(), features));
    }
    return alarms;
  }
}
