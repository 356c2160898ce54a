package io.attribution.cluster.process;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A built checkout of the project.
 *
 * @param home its root
 */
public record Checkout(Path home) {

  /**
   * @throws IllegalStateException when it is not built
   */
  public Checkout {
    if (!Files.exists(application(home)) || !Files.isDirectory(brokers(home))) {
      throw new IllegalStateException(
          "%s is not built: neither %s nor %s may be missing (mvn package)"
              .formatted(home, application(home), brokers(home)));
    }
  }

  /** The class path that the launcher and the image start {@code run} with. */
  String applicationClassPath() {
    Path jar = application(home);
    return jar + ":" + jar.resolveSibling("lib") + "/*";
  }

  String brokerClassPath() {
    return brokers(home) + "/*";
  }

  public Path bundle() {
    return home.resolve("examples/digits/bundle");
  }

  public Path rows() {
    return home.resolve("examples/digits/data.csv");
  }

  private static Path application(Path home) {
    return home.resolve("stream-app/target/attribution-stream-app.jar");
  }

  private static Path brokers(Path home) {
    return home.resolve("cluster-test/target/lib");
  }
}
