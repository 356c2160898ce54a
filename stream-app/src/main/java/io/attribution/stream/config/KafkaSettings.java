package io.attribution.stream.config;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The settings of Kafka Streams and its clients, passed on unchanged. Their values are checked
 * here, where a message can still say where they were set.
 */
final class KafkaSettings {
  private static final ConfigDef STREAMS = StreamsConfig.configDef();
  private static final ConfigDef CONSUMER = ConsumerConfig.configDef();
  private static final ConfigDef PRODUCER = ProducerConfig.configDef();
  private static final ConfigDef ADMIN = AdminClientConfig.configDef();

  /** A setting without a prefix goes to every client that knows it. */
  private static final List<ConfigDef> ALL = List.of(STREAMS, CONSUMER, PRODUCER, ADMIN);

  private static final Map<String, ConfigDef> PREFIXES =
      Map.of(
          "consumer.", CONSUMER,
          "main.consumer.", CONSUMER,
          "restore.consumer.", CONSUMER,
          "global.consumer.", CONSUMER,
          "producer.", PRODUCER,
          "admin.", ADMIN);

  /** Prefixes of topic settings and of names of the user's own. */
  private static final List<String> UNCHECKED_PREFIXES = List.of("topic.", "client.tag.");

  /** Values that Kafka checks only when stream threads start, or never. */
  private static final Map<String, ConfigDef.Validator> OWN_RULES =
      Map.of(
          StreamsConfig.NUM_STREAM_THREADS_CONFIG,
          ConfigDef.Range.atLeast(1),
          StreamsConfig.APPLICATION_ID_CONFIG,
          TopicName::require);

  /** Starts a variable that one of Kafka's config providers resolves at start. */
  private static final String PROVIDED = "${";

  private KafkaSettings() {}

  static boolean isKnown(String key) {
    return ALL.stream().anyMatch(definition -> definition.names().contains(key))
        || Stream.concat(PREFIXES.keySet().stream(), UNCHECKED_PREFIXES.stream())
            .anyMatch(key::startsWith);
  }

  /**
   * @throws org.apache.kafka.common.config.ConfigException when a client would refuse the value
   */
  static void validate(String key, String value) {
    if (value.contains(PROVIDED)) {
      return;
    }
    ALL.forEach(definition -> validate(definition, key, key, value));
    PREFIXES.forEach(
        (prefix, definition) -> {
          if (key.startsWith(prefix)) {
            validate(definition, key.substring(prefix.length()), key, value);
          }
        });
  }

  private static void validate(ConfigDef definition, String name, String key, String value) {
    ConfigDef.ConfigKey known = definition.configKeys().get(name);
    if (known == null) {
      return;
    }
    Object parsed = ConfigDef.parseType(key, value, known.type);
    if (known.validator != null) {
      known.validator.ensureValid(key, parsed);
    }
    if (OWN_RULES.containsKey(key)) {
      OWN_RULES.get(key).ensureValid(key, parsed);
    }
  }
}
