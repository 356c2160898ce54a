package io.attribution.demo;

import io.attribution.engine.bundle.ModelBundle;
import io.attribution.local.EmbeddedKafka;
import io.attribution.local.LocalRegistry;
import io.attribution.local.Storage;
import io.attribution.stream.app.KafkaTopics;
import io.attribution.stream.app.MessageSizes;
import io.attribution.stream.app.StreamsSettings;
import io.attribution.stream.app.TopicPlan;
import io.attribution.stream.app.TopicPlan.PlannedTopic;
import io.attribution.stream.config.AppConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;

/** A broker and a registry in this process, and a state directory that lives as long as they do. */
final class DemoCluster implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int PARTITIONS = 2;
  private static final Storage STATE = new Storage.Temporary();

  private final Path stateDirectory;
  private final LocalRegistry registry;
  private final EmbeddedKafka kafka;

  private DemoCluster(Path stateDirectory, LocalRegistry registry, EmbeddedKafka kafka) {
    this.stateDirectory = stateDirectory;
    this.registry = registry;
    this.kafka = kafka;
  }

  static DemoCluster start() {
    LocalRegistry registry = LocalRegistry.start();
    try {
      return start(STATE.open(), registry);
    } catch (IOException e) {
      registry.close();
      throw new UncheckedIOException(e);
    }
  }

  private static DemoCluster start(Path state, LocalRegistry registry) {
    try {
      return new DemoCluster(state, registry, EmbeddedKafka.start());
    } catch (RuntimeException | LinkageError e) {
      registry.close();
      release(state);
      throw e;
    }
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  String registryUrl() {
    return registry.url();
  }

  Path stateDirectory() {
    return stateDirectory;
  }

  /** Creates the topics as {@code topics create} would. */
  void createTopics(AppConfig config, ModelBundle bundle) {
    MessageSizes sizes = MessageSizes.of(List.of(bundle));
    try (KafkaTopics topics = new KafkaTopics(StreamsSettings.of(config, sizes), TIMEOUT)) {
      TopicPlan.of(config, sizes).topics().forEach(topic -> topics.create(topic, newTopic(topic)));
    }
  }

  private static NewTopic newTopic(PlannedTopic topic) {
    return new NewTopic(topic.name(), Optional.of(PARTITIONS), Optional.empty());
  }

  @Override
  public void close() {
    registry.close();
    kafka.close();
    release(stateDirectory);
  }

  private static void release(Path directory) {
    try {
      STATE.release(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
