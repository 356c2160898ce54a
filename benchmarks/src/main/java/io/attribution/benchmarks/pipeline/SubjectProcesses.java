package io.attribution.benchmarks.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The running processes of one subject. */
final class SubjectProcesses implements AutoCloseable {
  private static final int STOP_SECONDS = 60;

  private final List<Process> processes;
  private final ProcessTree tree;
  private final Path log;

  private SubjectProcesses(List<Process> processes, Path log) {
    this.processes = List.copyOf(processes);
    this.tree = new ProcessTree(processes.stream().map(Process::toHandle).toList());
    this.log = log;
  }

  /**
   * Starts commands, all with the same environment.
   *
   * @param log what they print
   */
  static SubjectProcesses start(
      List<List<String>> commands, Map<String, String> environment, Path log) throws IOException {
    List<Process> started = new ArrayList<>();
    for (List<String> command : commands) {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(environment);
      started.add(builder.start());
    }
    SubjectProcesses processes = new SubjectProcesses(started, log);
    // Whoever stops the benchmark would leave them behind, at work beside the next one.
    Runtime.getRuntime().addShutdownHook(new Thread(processes::kill, "end-of-subjects"));
    return processes;
  }

  private void kill() {
    processes.stream().flatMap(Process::descendants).forEach(ProcessHandle::destroyForcibly);
    processes.forEach(Process::destroyForcibly);
  }

  ProcessTree tree() {
    return tree;
  }

  /**
   * @throws BenchFailure when a process ended by itself
   */
  void requireAlive() {
    if (!tree.isAlive()) {
      throw new BenchFailure("a process ended before its work was done; see " + log);
    }
  }

  /** SIGTERM, and SIGKILL to whatever does not listen, children too. */
  @Override
  public void close() {
    List<ProcessHandle> children = processes.stream().flatMap(Process::descendants).toList();
    processes.forEach(Process::destroy);
    for (Process process : processes) {
      try {
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
    children.forEach(ProcessHandle::destroyForcibly);
  }
}
