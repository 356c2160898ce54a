package io.attribution.benchmarks.engine;

import io.attribution.benchmarks.measure.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * The machine's own rate as JMH's forks saw it between their iterations: a file that they append
 * to.
 */
record SgemmLog(Path file) {
  static final String FILE = "attribution.bench.sgemm";

  /** The log that this fork was told of; a file of its own when it runs by itself. */
  static SgemmLog ofProcess() {
    return new SgemmLog(
        Path.of(
            Optional.ofNullable(System.getProperty(FILE))
                .orElse(Path.of(System.getProperty("java.io.tmpdir"), "sgemm.log").toString())));
  }

  /**
   * @param rate floating-point operations per second
   */
  void append(String encoder, String engine, int batch, double rate) throws IOException {
    Files.writeString(
        file,
        key(encoder, engine, batch) + rate + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** The median rate of the forks of one configuration, operations per second. */
  double rate(String encoder, String engine, int batch) throws IOException {
    String key = key(encoder, engine, batch);
    List<Double> rates =
        Files.readAllLines(file).stream()
            .filter(line -> line.startsWith(key))
            .map(line -> Double.valueOf(line.substring(key.length())))
            .toList();
    return new Samples(rates).median();
  }

  private static String key(String encoder, String engine, int batch) {
    return encoder + " " + engine + " " + batch + " ";
  }
}
