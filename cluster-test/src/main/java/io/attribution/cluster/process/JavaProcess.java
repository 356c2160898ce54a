package io.attribution.cluster.process;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM that receives signals: SIGTERM, SIGKILL, SIGSTOP, SIGCONT. */
final class JavaProcess implements AutoCloseable {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

  private final Process process;

  private JavaProcess(Process process) {
    this.process = process;
    // An interrupted run would leave it behind, at work beside the next one.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "end-of-process"));
  }

  /**
   * Starts a command; its output is appended to a file.
   *
   * @param log a file, or a device
   */
  static JavaProcess start(List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    File output = log.toFile();
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return new JavaProcess(builder.redirectOutput(Redirect.appendTo(output)).start());
  }

  /**
   * The command line of a class.
   *
   * @param classPath in the JVM's own notation
   */
  static List<String> command(
      String classPath, List<String> options, List<String> mainAndArguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath));
    command.addAll(mainAndArguments);
    return command;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL: no shutdown hook, no flush. Also ends a paused process. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /**
   * SIGTERM.
   *
   * @return the exit code
   * @throws IllegalStateException when it does not end within a minute; it is killed then
   */
  int stop() throws InterruptedException {
    process.destroy();
    return await(STOP_TIMEOUT);
  }

  /**
   * Waits for the end.
   *
   * @return the exit code
   * @throws IllegalStateException when it does not end in time; it is killed then
   */
  int await(Duration timeout) throws InterruptedException {
    if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      kill();
      throw new IllegalStateException("process " + pid() + " did not end within " + timeout);
    }
    return process.exitValue();
  }

  /** SIGSTOP: the process keeps its connections and does nothing. */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** SIGCONT. */
  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  /** SIGKILL, whatever state it is in. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().orTimeout(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
  }

  private void signal(String name) throws IOException, InterruptedException {
    // The shell's own kill: not every system has the program.
    int code = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid()).start().waitFor();
    if (code != 0) {
      throw new IllegalStateException("SIG" + name + " did not reach process " + pid());
    }
  }
}
