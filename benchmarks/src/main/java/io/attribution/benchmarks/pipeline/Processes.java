package io.attribution.benchmarks.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Running processes and those that they started. */
final class Processes implements AutoCloseable {
  private static final int STOP_SECONDS = 60;

  /** Finding children reads about every process: twenty times a second took a twelfth of a core. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final List<Process> roots;
  private final String log;
  private List<ProcessHandle> members = List.of();
  private long lookedNanos;

  Processes(List<Process> roots, String log) {
    this.roots = List.copyOf(roots);
    this.log = log;
  }

  /**
   * Starts commands, all with the same environment.
   *
   * @param log for their output
   */
  static Processes start(List<List<String>> commands, Map<String, String> environment, Path log)
      throws IOException {
    List<Process> started = new ArrayList<>();
    for (List<String> command : commands) {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(environment);
      started.add(builder.start());
    }
    Processes processes = new Processes(started, log.toString());
    // An interrupted benchmark would leave them behind, at work beside the next one.
    Runtime.getRuntime().addShutdownHook(new Thread(processes::kill, "end-of-subjects"));
    return processes;
  }

  /** The command line of a class of this class path. */
  static List<String> java(Class<?> main, List<String> jvmOptions, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return command;
  }

  /** Of all of them together. */
  Usage usage() {
    if (members.isEmpty() || System.nanoTime() - lookedNanos > LOOK_NANOS) {
      lookedNanos = System.nanoTime();
      members =
          roots.stream()
              .flatMap(root -> Stream.concat(Stream.of(root.toHandle()), root.descendants()))
              .toList();
    }
    return members.stream().map(p -> Usage.of(p.pid())).reduce(Usage.NONE, Usage::plus);
  }

  /**
   * @throws IllegalStateException when a process ended by itself
   */
  void requireAlive() {
    if (!roots.stream().allMatch(Process::isAlive)) {
      throw new IllegalStateException("a process ended before its work was done; see " + log);
    }
  }

  private void kill() {
    roots.stream().flatMap(Process::descendants).forEach(ProcessHandle::destroyForcibly);
    roots.forEach(Process::destroyForcibly);
  }

  /** SIGTERM, then SIGKILL for what is left, children too. */
  @Override
  public void close() {
    List<ProcessHandle> children = roots.stream().flatMap(Process::descendants).toList();
    roots.forEach(Process::destroy);
    try {
      for (Process root : roots) {
        root.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    kill();
    children.forEach(ProcessHandle::destroyForcibly);
  }
}
