package io.attribution.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * One real Kafka node (broker and KRaft controller) in this process, listening on 127.0.0.1. It can
 * be stopped and started again on the same port with the same records. Not thread-safe.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private final int port;
  private final Storage storage;
  private final Path directory;
  private final KafkaNode node;

  private EmbeddedKafka(BrokerOptions options, Path directory) {
    this.port = options.port() == 0 ? FreePort.find() : options.port();
    this.storage = options.storage();
    this.directory = directory;
    Map<String, String> properties = BrokerProperties.of(port, FreePort.find(), directory);
    properties.putAll(options.properties());
    this.node = new KafkaNode(new KafkaConfig(properties, false), directory);
  }

  /** {@link #start(BrokerOptions)} with {@link BrokerOptions#DEFAULTS}. */
  public static EmbeddedKafka start() {
    return start(BrokerOptions.DEFAULTS);
  }

  /**
   * Starts a broker and returns when it serves requests.
   *
   * @throws UncheckedIOException where the data directory cannot be made
   * @throws org.apache.kafka.common.config.ConfigException where a property has no legal value
   * @throws IllegalStateException where the broker does not start, as when its port is taken
   */
  public static EmbeddedKafka start(BrokerOptions options) {
    Path directory = open(options.storage());
    try {
      EmbeddedKafka kafka = new EmbeddedKafka(options, directory);
      kafka.startAgain();
      return kafka;
    } catch (RuntimeException | LinkageError e) {
      // A process that is ending cannot initialize classes that register shutdown hooks.
      release(options.storage(), directory);
      throw e;
    }
  }

  /** The value of {@code bootstrap.servers}; a restart does not change it. */
  public String bootstrapServers() {
    return BrokerProperties.HOST + ":" + port;
  }

  /** Stops the broker and keeps its records; does nothing when stopped. */
  public void stop() {
    node.stop();
  }

  /**
   * Starts a stopped broker on the same port; does nothing when running.
   *
   * @throws IllegalStateException where the broker does not start, as when its port is taken
   */
  public void startAgain() {
    node.start();
  }

  /** {@link #createTopic(String, int, Map)} with the broker's defaults. */
  public void createTopic(String name, int partitions) {
    createTopic(name, partitions, Map.of());
  }

  /**
   * Creates a topic and waits until the controller has it.
   *
   * @param configs topic configuration by name
   * @throws IllegalStateException with Kafka's exception as cause, as when the topic exists
   */
  public void createTopic(String name, int partitions, Map<String, String> configs) {
    NewTopic topic = new NewTopic(name, partitions, (short) 1).configs(configs);
    try (Admin admin =
        Admin.create(
            Map.<String, Object>of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()))) {
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Topic " + name + " was not created", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while creating topic " + name, e);
    }
  }

  /**
   * Stops the broker and deletes a temporary data directory.
   *
   * @throws UncheckedIOException where the directory cannot be deleted
   */
  @Override
  public void close() {
    stop();
    release(storage, directory);
  }

  private static Path open(Storage storage) {
    try {
      return storage.open();
    } catch (IOException e) {
      throw new UncheckedIOException("No data directory for the broker", e);
    }
  }

  private static void release(Storage storage, Path directory) {
    try {
      storage.release(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("Data directory left behind: " + directory, e);
    }
  }
}
