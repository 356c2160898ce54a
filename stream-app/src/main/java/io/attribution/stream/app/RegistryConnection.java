package io.attribution.stream.app;

import io.attribution.stream.config.AppConfig;
import io.attribution.stream.config.ConfigException;
import io.attribution.stream.registry.Registry;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig;
import io.confluent.kafka.serializers.KafkaAvroSerializerConfig;
import io.confluent.kafka.serializers.subject.strategy.SubjectNameStrategy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** The connection to the Schema Registry, from the user's settings. */
final class RegistryConnection {
  private static final int CACHED_SCHEMAS = 1000;

  private final AbstractKafkaSchemaSerDeConfig settings;
  private final SchemaRegistryClient client;

  private RegistryConnection(AbstractKafkaSchemaSerDeConfig settings, Map<String, String> raw) {
    this.settings = settings;
    this.client =
        SchemaRegistryClientFactory.newClient(
            settings.getSchemaRegistryUrls(),
            CACHED_SCHEMAS,
            List.of(new AvroSchemaProvider()),
            withOneTry(raw),
            Map.of());
  }

  /**
   * @throws ConfigException when a setting is missing or not valid
   */
  static RegistryConnection of(AppConfig config) {
    if (!config.registry().containsKey(AbstractKafkaSchemaSerDeConfig.SCHEMA_REGISTRY_URL_CONFIG)) {
      throw new ConfigException(
          "schema.registry.url is missing; set it to the address of your Schema Registry");
    }
    try {
      return new RegistryConnection(
          new KafkaAvroSerializerConfig(config.registry()), config.registry());
    } catch (org.apache.kafka.common.config.ConfigException e) {
      throw new ConfigException("schema registry settings: " + e.getMessage());
    }
  }

  /** Retries are ours: the client's own retries would use up the timeout of a call. */
  private static Map<String, Object> withOneTry(Map<String, String> raw) {
    Map<String, Object> settings = new HashMap<>(raw);
    settings.putIfAbsent(SchemaRegistryClientConfig.MAX_RETRIES_CONFIG, 0);
    return settings;
  }

  /**
   * @param timeout timeout of one call, with its retries
   */
  Registry registry(Duration timeout) {
    String addresses = String.join(",", settings.getSchemaRegistryUrls());
    return new Registry(client, addresses.replaceAll("//[^/@,]*@", "//"), timeout);
  }

  boolean registersSchemas() {
    return settings.autoRegisterSchema();
  }

  String valueSubject(String topic, Schema schema) {
    SubjectNameStrategy strategy = (SubjectNameStrategy) settings.valueSubjectNameStrategy();
    return strategy.subjectName(topic, false, new AvroSchema(schema));
  }
}
