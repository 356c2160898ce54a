package io.attribution.benchmarks.pipeline;

import io.attribution.benchmarks.engine.Encoder;
import io.attribution.benchmarks.measure.PythonScript;
import io.attribution.stream.topics.Topics;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;

/**
 * One subject at work, with a consumer group and output topics of its own.
 *
 * @param id the consumer group, and the prefix of the output topics
 * @param settings the application's configuration, complete
 */
record Run(Runs runs, Case of, String id, Topics topics, Map<String, String> settings) {

  /** Kafka Streams' processing guarantees, named as it names them. */
  enum Guarantee {
    exactly_once_v2,
    at_least_once
  }

  /**
   * @param partitions of every topic
   * @param threads stream threads of one instance
   * @param instances processes of one subject
   */
  record Shape(int partitions, int threads, int instances) {
    @Override
    public String toString() {
      return partitions + " × " + threads + " × " + instances;
    }
  }

  /** What runs. */
  record Case(Encoder model, Guarantee guarantee, Subject subject, Shape shape) {
    /** In tables. */
    String label() {
      return model + ", " + guarantee;
    }
  }

  /** Starts the processes; returns before they work. */
  Processes start() throws IOException {
    String javaOptions = runs.options().javaOptions;
    List<List<String>> commands = new ArrayList<>();
    // The Python peer starts its workers itself.
    int instances = of.subject() == Subject.python ? 1 : of.shape().instances();
    for (int instance = 0; instance < instances; instance++) {
      String file = configuration(instance).toString();
      commands.add(
          switch (of.subject()) {
            case app, watched -> {
              String launcher = runs.home().resolve("attribution").toString();
              yield List.of(launcher, "run", "--verbose", "--config", file);
            }
            case passthrough ->
                Processes.java(
                    Passthrough.class,
                    List.of(javaOptions.split(" ", -1)),
                    List.of(file, runs.payloads().toString()));
            case python -> pythonCommand();
          });
    }
    // The launcher has settings of its own for OpenMP.
    Map<String, String> environment =
        of.subject() == Subject.python
            ? Map.of("OMP_WAIT_POLICY", "PASSIVE")
            : Map.of("JAVA_OPTS", javaOptions);
    return Processes.start(commands, environment, runs.directory().resolve(id + ".log"));
  }

  /** A configuration file for an instance, with a state directory of its own. */
  private Path configuration(int instance) throws IOException {
    Path file = runs.directory().resolve(id + "-" + instance + ".properties");
    Properties properties = new Properties();
    properties.putAll(settings);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, file + "-state");
    try (Writer out = Files.newBufferedWriter(file)) {
      properties.store(out, null);
    }
    return file;
  }

  /** One process per core, at most one per partition; torch's threads share the cores. */
  private List<String> pythonCommand() {
    PythonScript script = runs.options().pythonScript(runs.home());
    int cores = Runtime.getRuntime().availableProcessors();
    int workers = Math.min(cores, of.shape().partitions());
    List<String> command =
        new ArrayList<>(List.of(script.python().toString(), script.file().toString()));
    Map.of(
            "--bootstrap", runs.cluster().bootstrapServers(),
            "--registry", runs.cluster().registryUrl(),
            "--bundle", runs.workload().bundle().directory().toString(),
            "--schemas", runs.home().resolve("schemas/src/main/avro").toString(),
            "--group", id,
            "--features", topics.features(),
            "--projected", topics.projected(),
            "--reduced", topics.reduced(),
            "--verification", topics.verification(),
            "--commit-interval-ms", String.valueOf(commitIntervalMillis()))
        .forEach((option, value) -> command.addAll(List.of(option, value)));
    command.addAll(List.of("--processes", String.valueOf(workers)));
    command.addAll(List.of("--torch-threads", String.valueOf(Math.max(1, cores / workers))));
    if (of.guarantee() == Guarantee.exactly_once_v2) {
      command.add("--transactions");
    }
    return command;
  }

  int commitIntervalMillis() {
    String key = StreamsConfig.COMMIT_INTERVAL_MS_CONFIG;
    return Integer.parseInt(Objects.requireNonNull(settings.get(key), key));
  }
}
