package io.attribution.benchmarks.pipeline;

import io.attribution.stream.config.HttpConfig;
import io.attribution.stream.config.OutputsConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Instances of a Kafka Streams application, a process each.
 *
 * @param name of the subject
 * @param command from an instance's configuration file to its command line
 * @param environment of every instance
 * @param settings other than the benchmark's
 */
record StreamsSubject(
    String name,
    Function<Path, List<String>> command,
    Map<String, String> environment,
    Map<String, String> settings)
    implements Subject {
  /** For {@code http.port}: any that is free. */
  private static final String FREE_PORT = "0";

  /**
   * The application itself, started as a user starts it.
   *
   * @param home the repository, with the launcher in it
   * @param jvmOptions words for {@code JAVA_OPTS}
   */
  static StreamsSubject app(Path home, String jvmOptions) {
    return app("app", home, jvmOptions, Map.of());
  }

  /** The same with what the peers do not do: drift stage, alerts and HTTP, as its defaults are. */
  static StreamsSubject watched(Path home, String jvmOptions) {
    return app(
        "watched",
        home,
        jvmOptions,
        Map.of(
            OutputsConfig.OUTPUTS,
            "projected,reduced,verification,alerts",
            HttpConfig.PORT,
            FREE_PORT));
  }

  private static StreamsSubject app(
      String name, Path home, String jvmOptions, Map<String, String> settings) {
    String launcher = home.resolve("attribution").toString();
    return new StreamsSubject(
        name,
        config -> List.of(launcher, "run", "--verbose", "--config", config.toString()),
        Map.of("JAVA_OPTS", jvmOptions),
        settings);
  }

  /**
   * The application's settings and nothing to compute: the ceiling of the stream engine for these
   * bytes.
   *
   * @param payloads outputs of the application to write instead of computing some
   */
  static StreamsSubject passthrough(Path payloads, String jvmOptions) {
    List<String> options = List.of(jvmOptions.split(" ", -1));
    return new StreamsSubject(
        "passthrough",
        config ->
            JavaProcess.command(
                PassthroughMain.class, options, List.of(config.toString(), payloads.toString())),
        Map.of(),
        Map.of());
  }

  @Override
  public SubjectProcesses start(Assignment assignment) throws IOException {
    List<List<String>> commands = new ArrayList<>();
    for (Path config : InstanceConfigs.write(assignment)) {
      commands.add(command.apply(config));
    }
    return SubjectProcesses.start(
        commands, environment, assignment.directory().resolve(assignment.id() + ".log"));
  }
}
