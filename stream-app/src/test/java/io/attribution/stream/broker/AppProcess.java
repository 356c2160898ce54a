package io.attribution.stream.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** The application in a process of its own, so that it can be killed. */
final class AppProcess implements AutoCloseable {
  private final Process process;
  private final Path log;

  private AppProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts {@code attribution run} with these settings, and logs everything. */
  static AppProcess run(Map<String, String> settings, Path directory) throws IOException {
    return run(settings, directory, List.of(), List.of("--verbose"));
  }

  /** Starts {@code attribution run} with the log that users see. */
  static AppProcess runAsUsersDo(Map<String, String> settings, Path directory) throws IOException {
    return run(settings, directory, List.of("-Dlogback.configurationFile=logback.xml"), List.of());
  }

  private static AppProcess run(
      Map<String, String> settings, Path directory, List<String> java, List<String> options)
      throws IOException {
    Path config = Files.createTempFile(directory, "run", ".properties");
    Properties properties = new Properties();
    properties.putAll(settings);
    try (var out = Files.newBufferedWriter(config)) {
      properties.store(out, null);
    }
    Path logs = Files.createDirectories(Path.of("target", "application-logs"));
    Path log = Files.createTempFile(logs, "run", ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    // As the launcher does. Without it newer Java warns before the application says a word.
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(java);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.addAll(List.of("io.attribution.stream.Main", "run", "--config", config.toString()));
    command.addAll(options);
    return new AppProcess(
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start(),
        log);
  }

  /** SIGKILL: no shutdown hook, no flush, no goodbye to the group. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until it has ended by itself; its exit code. */
  int waitFor() throws InterruptedException {
    return process.waitFor();
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /** SIGTERM, and what the process made of it. */
  int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
