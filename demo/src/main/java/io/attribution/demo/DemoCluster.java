package io.attribution.demo;

import io.attribution.engine.bundle.ModelBundle;
import io.attribution.local.EmbeddedKafka;
import io.attribution.local.LocalRegistry;
import io.attribution.stream.app.KafkaTopics;
import io.attribution.stream.app.MessageSizes;
import io.attribution.stream.app.StreamsSettings;
import io.attribution.stream.app.TopicPlan;
import io.attribution.stream.app.TopicPlan.PlannedTopic;
import io.attribution.stream.config.AppConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** A broker and a registry in this process. */
final class DemoCluster implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int PARTITIONS = 2;

  private final EmbeddedKafka kafka;
  private final LocalRegistry registry;

  private DemoCluster(EmbeddedKafka kafka, LocalRegistry registry) {
    this.kafka = kafka;
    this.registry = registry;
  }

  static DemoCluster start() {
    LocalRegistry registry = LocalRegistry.start();
    try {
      return new DemoCluster(EmbeddedKafka.start(), registry);
    } catch (RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  String registryUrl() {
    return registry.url();
  }

  /** Creates the topics as {@code topics create} would. */
  void createTopics(AppConfig config, ModelBundle bundle) {
    MessageSizes sizes = MessageSizes.of(List.of(bundle));
    try (KafkaTopics topics = new KafkaTopics(StreamsSettings.of(config, sizes), TIMEOUT)) {
      for (PlannedTopic topic : TopicPlan.of(config, sizes).topics()) {
        topics.create(
            new NewTopic(topic.name(), Optional.of(PARTITIONS), Optional.empty())
                .configs(
                    Map.of(
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        String.valueOf(topic.maxMessageBytes()))));
      }
    }
  }

  @Override
  public void close() {
    registry.close();
    kafka.close();
  }
}
