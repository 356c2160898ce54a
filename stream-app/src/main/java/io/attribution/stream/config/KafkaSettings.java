package io.attribution.stream.config;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.TopicConfig;
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
  private static final Set<String> TOPICS = topicNames();

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

  private static final String TOPIC = StreamsConfig.TOPIC_PREFIX;

  /** Prefix of names of the user's own. */
  private static final String CLIENT_TAG = "client.tag.";

  /** Lists of classes; a single class has a type of its own. */
  private static final Set<String> PLUG_IN_LISTS =
      Set.of(
          "interceptor.classes",
          "metric.reporters",
          "security.providers",
          "partition.assignment.strategy");

  /** Values that Kafka checks only when stream threads start, or never. */
  private static final Map<String, ConfigDef.Validator> OWN_RULES =
      Map.of(
          StreamsConfig.NUM_STREAM_THREADS_CONFIG,
          ConfigDef.Range.atLeast(1),
          StreamsConfig.APPLICATION_ID_CONFIG,
          TopicName::require);

  private KafkaSettings() {}

  /** A key behind the prefix of a client. */
  private record Prefixed(String prefix, String name, ConfigDef client) {
    static Optional<Prefixed> of(String key) {
      return PREFIXES.entrySet().stream()
          .filter(entry -> key.startsWith(entry.getKey()))
          .map(e -> new Prefixed(e.getKey(), key.substring(e.getKey().length()), e.getValue()))
          .findFirst();
    }

    boolean isKnown() {
      return client.names().contains(name);
    }
  }

  /**
   * Whether a client reads the key, or a plug-in of the user's may.
   *
   * @param all the keys that are set
   */
  static boolean isKnown(String key, Set<String> all) {
    if (ALL.stream().anyMatch(definition -> definition.names().contains(key))) {
      return true;
    }
    if (key.startsWith(TOPIC) || key.startsWith(CLIENT_TAG)) {
      return nearest(key).isEmpty();
    }
    return Prefixed.of(key)
        .filter(it -> it.isKnown() || (hasPlugIn(all) && !RegistryKeys.isOne(it.name())))
        .isPresent();
  }

  /** The name that a mistyped key behind a prefix may have meant; empty when it is one itself. */
  static Optional<String> nearest(String key) {
    if (key.startsWith(TOPIC)) {
      String name = key.substring(TOPIC.length());
      return TOPICS.contains(name)
          ? Optional.empty()
          : NearestKey.to(name, TOPICS).map(TOPIC::concat);
    }
    return Prefixed.of(key)
        .filter(it -> !it.isKnown())
        .flatMap(it -> NearestKey.to(it.name(), it.client().names()).map(it.prefix()::concat));
  }

  /** What to do about a key behind a prefix that no client reads. */
  static Optional<String> advice(String key) {
    return Prefixed.of(key)
        .map(
            it ->
                RegistryKeys.isOne(it.name())
                    ? "it is a setting of the Schema Registry's client: leave out the prefix"
                    : "this client of Kafka has no such setting, and no plug-in is set that could"
                        + " read it");
  }

  private static boolean hasPlugIn(Set<String> all) {
    return all.stream().anyMatch(KafkaSettings::isPlugIn);
  }

  private static boolean isPlugIn(String key) {
    String name = Prefixed.of(key).map(Prefixed::name).orElse(key);
    return PLUG_IN_LISTS.contains(name)
        || ALL.stream()
            .map(definition -> definition.configKeys().get(name))
            .anyMatch(known -> known != null && known.type == ConfigDef.Type.CLASS);
  }

  /** Every name that a topic of Kafka's may be configured with. */
  private static Set<String> topicNames() {
    return Arrays.stream(TopicConfig.class.getFields())
        .filter(field -> field.getName().endsWith("_CONFIG"))
        .map(KafkaSettings::constant)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String constant(Field field) {
    try {
      return String.valueOf(field.get(null));
    } catch (IllegalAccessException e) {
      throw new LinkageError(field.toString(), e);
    }
  }

  /**
   * @throws org.apache.kafka.common.config.ConfigException when a client would refuse the value
   */
  static void validate(String key, String value) {
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
