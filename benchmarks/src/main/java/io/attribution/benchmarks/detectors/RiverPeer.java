package io.attribution.benchmarks.detectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * River's detectors on streams of this simulation; see {@code benchmarks/peers/detector_peer.py}.
 *
 * @param python an interpreter that has river
 * @param script detector_peer.py
 */
record RiverPeer(String python, Path script) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Alarms by detector and stream.
   *
   * @param values streams of one length after each other
   * @param length of each stream
   * @param falseAlarmEvery what ADWIN's δ is made for
   */
  Map<String, List<List<Integer>>> alarms(double[] values, int length, double falseAlarmEvery)
      throws IOException {
    Path file = Files.createTempFile("attribution-bench", ".f64");
    try {
      Files.write(file, bytes(values));
      return parse(
          run(
              python,
              script.toString(),
              file.toString(),
              String.valueOf(length),
              String.valueOf(falseAlarmEvery)));
    } finally {
      Files.delete(file);
    }
  }

  private static byte[] bytes(double[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    return bytes.array();
  }

  private static JsonNode run(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    byte[] answer = process.getInputStream().readAllBytes();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("the Python peer failed: does " + command[0] + " have river?");
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the Python peer ran", e);
    }
    return JSON.readTree(answer);
  }

  private static Map<String, List<List<Integer>>> parse(JsonNode answer) {
    Map<String, List<List<Integer>>> alarms = new LinkedHashMap<>();
    answer
        .properties()
        .forEach(
            detector -> {
              List<List<Integer>> streams = new ArrayList<>();
              for (JsonNode stream : detector.getValue()) {
                List<Integer> places = new ArrayList<>();
                stream.forEach(place -> places.add(place.asInt()));
                streams.add(places);
              }
              alarms.put(detector.getKey(), streams);
            });
    return alarms;
  }
}
