package io.attribution.benchmarks.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Kafka Streams with the application's settings and nothing to compute: the ceiling of the stream
 * engine for these bytes.
 */
final class PassthroughSubject implements Subject {
  private final Path payloads;
  private final String jvmOptions;

  /**
   * @param payloads outputs of the application to write instead of computing some
   */
  PassthroughSubject(Path payloads, String jvmOptions) {
    this.payloads = payloads;
    this.jvmOptions = jvmOptions;
  }

  @Override
  public String name() {
    return "passthrough";
  }

  @Override
  public SubjectProcesses start(Assignment assignment) throws IOException {
    List<List<String>> commands = new ArrayList<>();
    for (Path config : InstanceConfigs.write(assignment)) {
      commands.add(
          JavaProcess.command(
              PassthroughMain.class,
              List.of(jvmOptions.split(" ", -1)),
              List.of(config.toString(), payloads.toString())));
    }
    return SubjectProcesses.start(
        commands, Map.of(), assignment.directory().resolve(assignment.id() + ".log"));
  }
}
