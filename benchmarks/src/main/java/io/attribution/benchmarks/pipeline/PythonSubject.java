package io.attribution.benchmarks.pipeline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The same job in Python: confluent-kafka, fastavro and torch.func; see benchmarks/peers. */
final class PythonSubject implements Subject {
  private final Path python;
  private final Path home;
  private final Path bundle;
  private final Optional<Integer> processes;

  /**
   * @param python the interpreter, with benchmarks/peers/requirements.txt installed
   * @param home the repository
   * @param processes how many share the partitions; absent for one per core, at most one per
   *     partition. torch's threads share the cores.
   */
  PythonSubject(Path python, Path home, Path bundle, Optional<Integer> processes) {
    this.python = python;
    this.home = home;
    this.bundle = bundle;
    this.processes = processes;
  }

  /**
   * Starts the peer once for its help only: what it lacks is known before minutes of measuring.
   *
   * @throws BenchFailure when the interpreter does not start or does not find what it needs
   */
  static void requireReady(Path python, Path home) {
    try {
      Process process =
          new ProcessBuilder(python.toString(), script(home), "--help")
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw notReady(python, said.strip().lines().reduce((first, last) -> last).orElse(""));
      }
    } catch (IOException e) {
      throw notReady(python, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notReady(python, "interrupted");
    }
  }

  private static BenchFailure notReady(Path python, String why) {
    return new BenchFailure(
        "--python "
            + python
            + ": "
            + why
            + "; install benchmarks/peers/requirements.txt for this interpreter or name another");
  }

  private static String script(Path home) {
    return home.resolve("benchmarks/peers/stream_consumer.py").toString();
  }

  @Override
  public String name() {
    return "python";
  }

  @Override
  public SubjectProcesses start(Assignment assignment) throws IOException {
    return SubjectProcesses.start(
        List.of(command(assignment)),
        Map.of("OMP_WAIT_POLICY", "PASSIVE"),
        assignment.directory().resolve(assignment.id() + ".log"));
  }

  private List<String> command(Assignment assignment) {
    int cores = Runtime.getRuntime().availableProcessors();
    int workers = processes.orElse(Math.min(cores, assignment.shape().partitions()));
    List<String> command = new ArrayList<>(List.of(python.toString(), script(home)));
    option(command, "--bootstrap", assignment.setting("bootstrap.servers"));
    option(command, "--registry", assignment.setting("schema.registry.url"));
    option(command, "--bundle", bundle);
    option(command, "--schemas", home.resolve("schemas/src/main/avro"));
    option(command, "--group", assignment.id());
    option(command, "--features", assignment.topics().features());
    option(command, "--projected", assignment.topics().projected());
    option(command, "--reduced", assignment.topics().reduced());
    option(command, "--verification", assignment.topics().verification());
    option(command, "--commit-interval-ms", assignment.setting("commit.interval.ms"));
    option(command, "--processes", workers);
    option(command, "--torch-threads", Math.max(1, cores / workers));
    if (assignment.exactlyOnce()) {
      command.add("--transactions");
    }
    return command;
  }

  private static void option(List<String> command, String name, Object value) {
    command.add(name);
    command.add(String.valueOf(value));
  }
}
