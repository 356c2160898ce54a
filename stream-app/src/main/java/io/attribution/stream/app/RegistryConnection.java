package io.attribution.stream.app;

import io.attribution.stream.config.AppConfig;
import io.attribution.stream.config.ConfigException;
import io.attribution.stream.config.RegistryUrl;
import io.attribution.stream.registry.Registration;
import io.attribution.stream.registry.Registry;
import io.attribution.stream.registry.RegistrySettings;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import io.confluent.kafka.serializers.subject.strategy.SubjectNameStrategy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.SaslConfigs;

/** The connection to the Schema Registry, from the user's settings. */
final class RegistryConnection {
  private final RegistrySettings settings;
  private final SchemaRegistryClient client;

  private RegistryConnection(RegistrySettings settings) {
    this.settings = settings;
    this.client = settings.open();
  }

  /**
   * @throws ConfigException when a setting is missing or not valid
   */
  static RegistryConnection of(AppConfig config) {
    if (!config.registry().containsKey(RegistryUrl.KEY)) {
      throw new ConfigException(
          "schema.registry.url is missing; set it to the address of your Schema Registry");
    }
    try {
      return new RegistryConnection(RegistrySettings.of(raw(config)));
    } catch (org.apache.kafka.common.config.ConfigException e) {
      throw new ConfigException("schema registry settings: " + e.getMessage());
    }
  }

  private static Map<String, String> raw(AppConfig config) {
    Map<String, String> raw = new HashMap<>(config.registry());
    // Retries are ours: the client's own retries would use up the timeout of a call.
    raw.put(SchemaRegistryClientConfig.MAX_RETRIES_CONFIG, "0");
    // What the source SASL_INHERIT inherits.
    String login = config.kafka().get(SaslConfigs.SASL_JAAS_CONFIG);
    if (login != null) {
      raw.put(SaslConfigs.SASL_JAAS_CONFIG, login);
    }
    return raw;
  }

  /**
   * @param timeout timeout of one call, with its retries
   */
  Registry registry(Duration timeout) {
    return new Registry(client, settings.addresses(), timeout);
  }

  Registration registration() {
    return new Registration(
        settings.parsed().autoRegisterSchema(),
        settings.parsed().normalizeSchema(),
        settings.parsed().propagateSchemaTags());
  }

  String valueSubject(String topic, Schema schema) {
    SubjectNameStrategy strategy =
        (SubjectNameStrategy) settings.parsed().valueSubjectNameStrategy();
    return strategy.subjectName(topic, false, new AvroSchema(schema));
  }
}
