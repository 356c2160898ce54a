package io.attribution.benchmarks.pipeline;

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
 */
record StreamsSubject(
    String name, Function<Path, List<String>> command, Map<String, String> environment)
    implements Subject {

  /**
   * The application itself, started as a user starts it.
   *
   * @param home the repository, with the launcher in it
   * @param jvmOptions words for {@code JAVA_OPTS}
   */
  static StreamsSubject app(Path home, String jvmOptions) {
    String launcher = home.resolve("attribution").toString();
    return new StreamsSubject(
        "app",
        config -> List.of(launcher, "run", "--verbose", "--config", config.toString()),
        Map.of("JAVA_OPTS", jvmOptions));
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
