package io.attribution.benchmarks.pipeline;

import io.attribution.benchmarks.measure.PythonScript;
import io.attribution.stream.config.HttpConfig;
import io.attribution.stream.config.OutputsConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Something that reads feature records and writes projected and reduced contributions.
 *
 * @param name in results and on the command line
 * @param environment of its processes
 * @param settings other than the benchmark's
 * @param command of one process
 */
record Subject(
    String name, Map<String, String> environment, Map<String, String> settings, Command command) {

  /** The command line of an instance. */
  interface Command {
    List<String> of(Run run, int instance) throws IOException;
  }

  List<List<String>> commands(Run run) throws IOException {
    List<List<String>> commands = new ArrayList<>();
    // The Python peer starts its workers itself.
    int instances = name.equals("python") ? 1 : run.shape().instances();
    for (int instance = 0; instance < instances; instance++) {
      commands.add(command.of(run, instance));
    }
    return commands;
  }

  /**
   * The application, started as a user starts it; "watched" with drift stage, alerts and HTTP, as
   * its defaults are.
   *
   * @param home the repository, with the launcher in it
   */
  static Subject app(String name, Path home, String jvmOptions) {
    String launcher = home.resolve("attribution").toString();
    Map<String, String> watched =
        Map.of(
            OutputsConfig.OUTPUTS, "projected,reduced,verification,alerts", HttpConfig.PORT, "0");
    return new Subject(
        name,
        Map.of("JAVA_OPTS", jvmOptions),
        name.equals("watched") ? watched : Map.of(),
        (run, instance) ->
            List.of(
                launcher, "run", "--verbose", "--config", run.configuration(instance).toString()));
  }

  /**
   * The application's settings and nothing to compute: the ceiling of the stream engine for these
   * bytes.
   *
   * @param payloads the application's outputs to write again
   */
  static Subject passthrough(Path payloads, String jvmOptions) {
    List<String> options = List.of(jvmOptions.split(" ", -1));
    return new Subject(
        "passthrough",
        Map.of(),
        Map.of(),
        (run, instance) ->
            Processes.java(
                Passthrough.class,
                options,
                List.of(run.configuration(instance).toString(), payloads.toString())));
  }

  /**
   * The same job with confluent-kafka, fastavro and torch.func; see benchmarks/peers.
   *
   * @param script stream_consumer.py
   * @param processes that share the partitions; absent for one per core, at most one per partition.
   *     torch's threads share the cores.
   */
  static Subject python(PythonScript script, Path bundle, Optional<Integer> processes) {
    int cores = Runtime.getRuntime().availableProcessors();
    return new Subject(
        "python",
        Map.of("OMP_WAIT_POLICY", "PASSIVE"),
        Map.of(),
        (run, instance) -> {
          int workers = processes.orElse(Math.min(cores, run.shape().partitions()));
          List<String> command =
              new ArrayList<>(List.of(script.python().toString(), script.file().toString()));
          Map.of(
                  "--bootstrap", run.setting("bootstrap.servers"),
                  "--registry", run.setting("schema.registry.url"),
                  "--bundle", bundle.toString(),
                  "--schemas", script.home().resolve("schemas/src/main/avro").toString(),
                  "--group", run.id(),
                  "--features", run.topics().features(),
                  "--projected", run.topics().projected(),
                  "--reduced", run.topics().reduced(),
                  "--verification", run.topics().verification(),
                  "--commit-interval-ms", String.valueOf(run.commitIntervalMillis()))
              .forEach((option, value) -> command.addAll(List.of(option, value)));
          command.addAll(List.of("--processes", String.valueOf(workers)));
          command.addAll(List.of("--torch-threads", String.valueOf(Math.max(1, cores / workers))));
          if (run.guarantee() == Run.Guarantee.exactly_once_v2) {
            command.add("--transactions");
          }
          return command;
        });
  }
}
