package io.attribution.benchmarks.pipeline;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;

/** The broker's process and where it listens. It shares the machine with whatever is measured. */
final class BenchCluster implements AutoCloseable {
  private static final List<String> JVM_OPTIONS = List.of("-Xms512m", "-Xmx1g");
  private static final int STOP_SECONDS = 30;

  private final Process process;
  private final String bootstrapServers;
  private final String registryUrl;
  private final Admin admin;

  private BenchCluster(Process process, String bootstrapServers, String registryUrl) {
    this.process = process;
    this.bootstrapServers = bootstrapServers;
    this.registryUrl = registryUrl;
    this.admin =
        Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
  }

  /**
   * Starts both and returns when they serve.
   *
   * @param directory for the records and the log
   */
  static BenchCluster start(Path directory) throws IOException {
    Path data = directory.resolve("broker");
    Process process =
        new ProcessBuilder(
                JavaProcess.command(BrokerMain.class, JVM_OPTIONS, List.of(data.toString())))
            .redirectError(directory.resolve("broker.log").toFile())
            .start();
    String[] ready = readyLine(process).split(" ", -1);
    return new BenchCluster(process, ready[1], ready[2]);
  }

  /** What the broker logs to standard output comes before the line. */
  private static String readyLine(Process process) throws IOException {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(BrokerMain.READY + " ")) {
        drain(out);
        return line;
      }
    }
    throw new BenchFailure("the broker did not start; see broker.log");
  }

  private static void drain(BufferedReader out) {
    Thread drain = new Thread(() -> out.lines().forEach(line -> {}), "broker-output");
    drain.setDaemon(true);
    drain.start();
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  String registryUrl() {
    return registryUrl;
  }

  Admin admin() {
    return admin;
  }

  ProcessTree processes() {
    return new ProcessTree(List.of(process.toHandle()));
  }

  @Override
  public void close() {
    admin.close();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
