package io.attribution.stream.produce;

import io.attribution.stream.config.ConfigProviders;
import io.attribution.stream.config.RegistryKeys;
import io.attribution.stream.registry.RegistrySettings;
import io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig;
import io.confluent.kafka.serializers.KafkaAvroSerializerConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SaslConfigs;

/**
 * The topic that records are sent to.
 *
 * @param bootstrapServers brokers
 * @param registryUrl Schema Registry
 * @param topic topic
 * @param properties more settings of the producer and of the registry's client
 */
public record KafkaTarget(
    String bootstrapServers, String registryUrl, String topic, Map<String, String> properties) {
  private static final String DEFAULT_MAX_BLOCK_MS = "15000";

  /** Set here: another value would break the command. */
  private static final Set<String> OWN =
      Set.of(
          ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.TRANSACTIONAL_ID_CONFIG,
          AbstractKafkaSchemaSerDeConfig.SCHEMA_REGISTRY_URL_CONFIG);

  /**
   * @throws IllegalArgumentException when a property is unknown, or one that is set here
   */
  public KafkaTarget {
    properties = Map.copyOf(ConfigProviders.resolve(properties));
    properties.keySet().forEach(KafkaTarget::requireFree);
  }

  private static void requireFree(String key) {
    if (OWN.contains(key)) {
      throw new IllegalArgumentException(key + " cannot be set as a property of this command");
    }
    boolean known =
        ProducerConfig.configNames().contains(key)
            || KafkaAvroSerializerConfig.baseConfigDef().names().contains(key)
            || RegistryKeys.isTaken(key);
    if (!known) {
      throw new IllegalArgumentException(
          key + " is no setting of Kafka's producer or of the Schema Registry's client");
    }
  }

  /** Settings of the producer, without those of the registry. */
  Map<String, Object> producerSettings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, DEFAULT_MAX_BLOCK_MS);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    properties.forEach(
        (key, value) -> {
          if (ProducerConfig.configNames().contains(key)) {
            settings.put(key, value);
          }
        });
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return settings;
  }

  /**
   * Settings of the registry's client and of the serializer.
   *
   * @throws org.apache.kafka.common.config.ConfigException when one is not valid
   */
  RegistrySettings registrySettings() {
    Map<String, String> settings = new LinkedHashMap<>();
    properties.forEach(
        (key, value) -> {
          if (!ProducerConfig.configNames().contains(key)
              || key.equals(SaslConfigs.SASL_JAAS_CONFIG)) {
            settings.put(key, value);
          }
        });
    settings.put(AbstractKafkaSchemaSerDeConfig.SCHEMA_REGISTRY_URL_CONFIG, registryUrl);
    // Generated classes carry avro.java.string; the registered schema should not.
    settings.putIfAbsent(KafkaAvroSerializerConfig.AVRO_REMOVE_JAVA_PROPS_CONFIG, "true");
    return RegistrySettings.of(settings);
  }
}
