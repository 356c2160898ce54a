package io.attribution.benchmarks.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The application itself, started as a user starts it. */
final class AppSubject implements Subject {
  private final Path launcher;
  private final String jvmOptions;

  /**
   * @param home the repository, with the launcher in it
   * @param jvmOptions words for {@code JAVA_OPTS}
   */
  AppSubject(Path home, String jvmOptions) {
    this.launcher = home.resolve("attribution");
    this.jvmOptions = jvmOptions;
  }

  @Override
  public String name() {
    return "app";
  }

  @Override
  public SubjectProcesses start(Assignment assignment) throws IOException {
    List<List<String>> commands = new ArrayList<>();
    for (Path config : InstanceConfigs.write(assignment)) {
      commands.add(List.of(launcher.toString(), "run", "--verbose", "--config", config.toString()));
    }
    return SubjectProcesses.start(
        commands,
        Map.of("JAVA_OPTS", jvmOptions),
        assignment.directory().resolve(assignment.id() + ".log"));
  }
}
