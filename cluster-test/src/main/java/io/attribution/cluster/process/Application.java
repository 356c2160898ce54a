package io.attribution.cluster.process;

import io.attribution.stream.topics.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The application as its users start it.
 *
 * @param directory for logs, settings and state
 * @param settings of all instances
 */
public record Application(Checkout checkout, Path directory, Map<String, String> settings) {
  /** The consumer group, and the prefix of the transactional ids. */
  public static final String ID = "cluster-test";

  public static final Topics TOPICS = Topics.DEFAULT;

  private static final String MAIN = "io.attribution.stream.Main";
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  /** Few threads of the compiler and of the collector: many processes share the cores. */
  private static final List<String> JVM =
      List.of("-Xmx320m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");

  public Application {
    settings = Map.copyOf(settings);
  }

  /**
   * {@code topics create}.
   *
   * @throws IllegalStateException when it fails
   */
  public void createTopics(int partitions) throws IOException, InterruptedException {
    Path log = directory.resolve("topics-create.log");
    List<String> arguments =
        List.of("topics", "create", "--partitions", String.valueOf(partitions), "--config");
    int code = start(arguments, "topics-create", Map.of(), log).await(TIMEOUT);
    if (code != 0) {
      throw new IllegalStateException("topics create: exit code " + code + "; see " + log);
    }
  }

  /**
   * {@code run}.
   *
   * @param more settings of this instance
   */
  JavaProcess run(String name, Map<String, String> more, Path log) throws IOException {
    return start(List.of("run", "--config"), name, more, log);
  }

  private JavaProcess start(List<String> arguments, String name, Map<String, String> more, Path log)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(MAIN));
    command.addAll(arguments);
    command.add(write(name, more).toString());
    return JavaProcess.start(
        JavaProcess.command(checkout.applicationClassPath(), JVM, command),
        // As in the launcher.
        Map.of("GOMP_SPINCOUNT", "5000"),
        log);
  }

  private Path write(String name, Map<String, String> more) throws IOException {
    Map<String, String> all = new HashMap<>(settings);
    all.putAll(more);
    Properties properties = new Properties();
    properties.putAll(all);
    Path file = directory.resolve(name + ".properties");
    try (var out = Files.newBufferedWriter(file)) {
      properties.store(out, null);
    }
    return file;
  }
}
