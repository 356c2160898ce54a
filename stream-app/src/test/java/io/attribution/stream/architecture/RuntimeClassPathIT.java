package io.attribution.stream.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** The jars that the launcher starts {@code run} with and that the image holds. */
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
          "io/attribution/benchmarks/",
          "io/attribution/cluster/");

  @Test
  void holdsNoBrokerNoScalaNoLog4jAndNoTestTools() throws IOException {
    assertThat(jarsWith(folder -> ABSENT.stream().anyMatch(folder::startsWith)))
        .as("jars to leave out (mvn clean removes those of an earlier build)")
        .isEmpty();
  }

  /** Parts of the broker share packages with its client, so these jars are named. */
  @Test
  void holdsOfKafkaTheClientAndStreams() throws IOException {
    assertThat(jarsWith(folder -> folder.startsWith("org/apache/kafka/")))
        .hasSize(2)
        .anyMatch(jar -> jar.startsWith("kafka-clients-"))
        .anyMatch(jar -> jar.startsWith("kafka-streams-"));
  }

  /** Scanners look for known vulnerabilities in what the SBOM lists. */
  @Test
  void isListedInTheSbom() throws IOException {
    Path file = TARGET.resolve("attribution-sbom.json");
    assumeThat(file).as("mvn --offline makes no SBOM").exists();
    JsonNode sbom = new ObjectMapper().readTree(file.toFile());
    List<String> components = new ArrayList<>();
    for (JsonNode component : sbom.get("components")) {
      components.add(component.get("name").asText() + "-" + component.get("version").asText());
    }
    List<String> unlisted =
        classPath().stream()
            .filter(jar -> !jar.equals(APPLICATION))
            .map(jar -> jar.getFileName().toString())
            .filter(jar -> components.stream().noneMatch(jar::startsWith))
            .toList();
    assertThat(unlisted).isEmpty();
  }

  /** The names of the jars that have classes in such a folder. */
  private static List<String> jarsWith(Predicate<String> folder) throws IOException {
    List<String> names = new ArrayList<>();
    for (Path jar : classPath()) {
      if (hasClasses(jar, folder)) {
        names.add(jar.getFileName().toString());
      }
    }
    return names;
  }

  private static List<Path> classPath() throws IOException {
    try (Stream<Path> libraries = Files.list(TARGET.resolve("lib"))) {
      return Stream.concat(Stream.of(APPLICATION), libraries).sorted().toList();
    }
  }

  private static boolean hasClasses(Path jar, Predicate<String> folder) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .map(ZipEntry::getName)
          .anyMatch(name -> name.endsWith(".class") && folder.test(name));
    }
  }
}
