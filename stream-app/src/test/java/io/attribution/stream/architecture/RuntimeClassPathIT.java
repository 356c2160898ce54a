package io.attribution.stream.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/**
 * What the launcher starts {@code run} with, and what the image holds: read from the built jars.
 */
class RuntimeClassPathIT {
  private static final Path TARGET = Path.of("target");
  private static final Path APPLICATION = TARGET.resolve("attribution-stream-app.jar");

  /** A broker, its language, a second logger, what tests and benchmarks run on, other modules. */
  private static final List<String> ABSENT =
      List.of(
          "kafka/",
          "scala/",
          "org/apache/log4j/",
          "org/apache/logging/",
          "org/openjdk/jmh/",
          "org/junit/",
          "net/jqwik/",
          "org/assertj/",
          "com/tngtech/",
          "org/testcontainers/",
          "org/openqa/",
          "io/attribution/local/",
          "io/attribution/demo/",
          "io/attribution/benchmarks/");

  @Test
  void holdsNoBrokerNoScalaNoLog4jAndNoTestTools() throws IOException {
    assertThat(jarsWhere(folder -> ABSENT.stream().anyMatch(folder::startsWith)))
        .as("jars to leave out (mvn clean removes those of an earlier build), and why")
        .isEmpty();
  }

  /** Parts of the broker share packages with its client, so these jars are named. */
  @Test
  void holdsOfKafkaTheClientAndStreams() throws IOException {
    assertThat(jarsWhere(folder -> folder.startsWith("org/apache/kafka/")).keySet())
        .hasSize(2)
        .anyMatch(jar -> jar.startsWith("kafka-clients-"))
        .anyMatch(jar -> jar.startsWith("kafka-streams-"));
  }

  /** Jars with such folders of classes, and the folders. */
  private static Map<String, Set<String>> jarsWhere(Predicate<String> folder) throws IOException {
    Map<String, Set<String>> found = new TreeMap<>();
    for (Path jar : classPath()) {
      Set<String> folders = folders(jar).filter(folder).collect(Collectors.toSet());
      if (!folders.isEmpty()) {
        found.put(jar.getFileName().toString(), folders);
      }
    }
    return found;
  }

  private static List<Path> classPath() throws IOException {
    try (Stream<Path> libraries = Files.list(TARGET.resolve("lib"))) {
      return Stream.concat(Stream.of(APPLICATION), libraries).toList();
    }
  }

  private static Stream<String> folders(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.endsWith(".class"))
          .map(name -> name.substring(0, name.lastIndexOf('/') + 1))
          .collect(Collectors.toSet())
          .stream();
    }
  }
}
