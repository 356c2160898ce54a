package io.attribution.stream.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.attribution.stream.app.Application;
import io.attribution.stream.cli.CommandRun;
import io.attribution.stream.topics.Topics;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;

/** The same records and the same check on the images that people run: Kafka and Schema Registry. */
class ContainerIT {
  private static final String KAFKA = "apache/kafka:4.3.1";
  private static final String REGISTRY = "confluentinc/cp-schema-registry:7.9.5";
  private static final String KAFKA_IN_NETWORK = "kafka:19092";
  private static final int REGISTRY_PORT = 8081;
  private static final Topics TOPICS = Topics.DEFAULT;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @BeforeAll
  static void needsDocker() {
    assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "no Docker engine answers: the containers of this test cannot be started");
  }

  @Test
  void publishesOneOutcomeForEveryRecordOfBothModels(@TempDir Path folder) throws Exception {
    try (Network network = Network.newNetwork();
        KafkaContainer kafka = kafka(network);
        GenericContainer<?> registry = registry(network)) {
      kafka.start();
      registry.start();
      Endpoints endpoints =
          new Endpoints(
              kafka.getBootstrapServers(),
              "http://" + registry.getHost() + ":" + registry.getMappedPort(REGISTRY_PORT));
      createTopics(endpoints, folder.resolve("application.properties"));
      MixedFeed feed = MixedFeed.send(endpoints, TOPICS.features(), 300, 150);

      try (Application application = Application.open(endpoints.config(Example.bundles()))) {
        application.start();
        Published.await(endpoints, TOPICS.projected(), feed.explained().size(), TIMEOUT);
        Published.await(endpoints, TOPICS.deadLetter(), feed.refused().size(), TIMEOUT);
      }

      new PipelineCheck(TOPICS.features(), feed, Published.readToEnd(endpoints, TOPICS))
          .assertAll();
    }
  }

  private static KafkaContainer kafka(Network network) {
    return new KafkaContainer(KAFKA).withNetwork(network).withListener(KAFKA_IN_NETWORK);
  }

  private static GenericContainer<?> registry(Network network) {
    return new GenericContainer<>(REGISTRY)
        .withNetwork(network)
        .withExposedPorts(REGISTRY_PORT)
        .withEnv(
            Map.of(
                "SCHEMA_REGISTRY_HOST_NAME", "schema-registry",
                "SCHEMA_REGISTRY_LISTENERS", "http://0.0.0.0:" + REGISTRY_PORT,
                "SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS", "PLAINTEXT://" + KAFKA_IN_NETWORK))
        .waitingFor(Wait.forHttp("/subjects").forPort(REGISTRY_PORT).forStatusCode(200));
  }

  /** As its user does, so that the application gets the topics that it requires. */
  private static void createTopics(Endpoints endpoints, Path config) throws Exception {
    Properties settings = new Properties();
    settings.putAll(endpoints.settings(Example.bundles()));
    try (Writer file = Files.newBufferedWriter(config)) {
      settings.store(file, null);
    }
    CommandRun command = CommandRun.of("topics", "create", "--config", config, "--partitions", 2);
    assertThat(command.exit()).as(command.err()).isZero();
  }
}
