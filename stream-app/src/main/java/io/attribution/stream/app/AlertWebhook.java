package io.attribution.stream.app;

import io.attribution.schema.DriftAlert;
import io.attribution.stream.config.AppConfig;
import io.attribution.stream.config.ConfigException;
import io.attribution.stream.config.OutputsConfig;
import io.attribution.stream.config.WebhookConfig;
import io.attribution.stream.monitoring.Monitoring;
import io.attribution.stream.serde.RecordReader;
import io.attribution.stream.webhook.DeliveryListener;
import io.attribution.stream.webhook.Webhook;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.StreamsConfig;

/** Builds the webhook from the configuration. */
final class AlertWebhook {
  /** Timeout of registry calls: a poll must not outlast the time that closing may take. */
  private static final Duration REGISTRY_TIMEOUT = Duration.ofSeconds(1);

  private static final int MAX_POLL_RECORDS = 100;

  private AlertWebhook() {}

  /**
   * @param settings Kafka Streams'; the user's for security are among them
   * @return empty when no receiver is configured
   * @throws ConfigException when there is a receiver, but alerts are not published
   */
  static Optional<Webhook> of(
      AppConfig config, Properties settings, Optional<Monitoring> monitoring) {
    return config.webhook().url().map(url -> webhook(url, config, settings, monitoring));
  }

  private static Webhook webhook(
      URI url, AppConfig config, Properties settings, Optional<Monitoring> monitoring) {
    if (!config.outputs().has(OutputsConfig.ALERTS)) {
      throw new ConfigException(
          WebhookConfig.URL + ": there are no alerts; add alerts to " + OutputsConfig.OUTPUTS);
    }
    Map<String, Object> consumer = consumer(settings);
    return new Webhook(
        url,
        config.webhook(),
        config.topics().names().alerts(),
        () ->
            new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
        new RecordReader<>(
            RegistryConnection.of(config).registry(REGISTRY_TIMEOUT), DriftAlert.class),
        monitoring.<DeliveryListener>map(Monitoring::webhook).orElse(DeliveryListener.NONE));
  }

  /** The consumer group of the webhook of an application. */
  static String group(String application) {
    return application + "-webhook";
  }

  /** The user's settings first: the delivery guarantee depends on those that follow. */
  private static Map<String, Object> consumer(Properties settings) {
    StreamsConfig streams = new StreamsConfig(settings);
    String group = group(streams.getString(StreamsConfig.APPLICATION_ID_CONFIG));
    Map<String, Object> consumer = new HashMap<>(streams.getRestoreConsumerConfigs(group));
    consumer.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    consumer.put(ConsumerConfig.CLIENT_ID_CONFIG, group);
    consumer.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
    consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
    return consumer;
  }
}
