package io.attribution.local;

import io.confluent.kafka.schemaregistry.CompatibilityLevel;
import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.SimpleParsedSchemaHolder;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.entities.Config;
import io.confluent.kafka.schemaregistry.client.rest.entities.requests.ConfigUpdateRequest;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Which schema may follow which: the configured levels, and Confluent's own checks at that level.
 * BACKWARD until configured. Not thread-safe.
 */
final class Compatibility {
  private final MockSchemaRegistryClient client;

  Compatibility(MockSchemaRegistryClient client) {
    this.client = client;
  }

  /** What keeps the schema from becoming the subject's newest version; empty where nothing does. */
  List<String> conflicts(String subject, ParsedSchema schema)
      throws IOException, RestClientException {
    return client.testCompatibilityVerbose(subject, schema);
  }

  /** What keeps the schema from following this version. */
  List<String> conflicts(String subject, int version, ParsedSchema schema)
      throws IOException, RestClientException {
    int id = client.getSchemaMetadata(subject, version).getId();
    Config config = configured(subject).orElse(global());
    return schema.isCompatible(
        CompatibilityLevel.forName(config.getCompatibilityLevel()),
        List.of(new SimpleParsedSchemaHolder(client.getSchemaById(id))));
  }

  Config global() throws IOException, RestClientException {
    return client.getConfig(null);
  }

  /**
   * @throws RegistryError 40408
   */
  Config of(String subject) throws IOException, RegistryError {
    return configured(subject).orElseThrow(() -> RegistryError.noSubjectCompatibility(subject));
  }

  Config ofOrGlobal(String subject) throws IOException, RestClientException {
    return configured(subject).orElse(global());
  }

  /**
   * @throws RegistryError 42203
   */
  ConfigUpdateRequest setGlobal(ConfigUpdateRequest update)
      throws IOException, RestClientException, RegistryError {
    client.updateConfig(null, checked(update));
    return update;
  }

  /**
   * @throws RegistryError 42203
   */
  ConfigUpdateRequest set(String subject, ConfigUpdateRequest update)
      throws IOException, RestClientException, RegistryError {
    client.updateConfig(subject, checked(update));
    return update;
  }

  private Optional<Config> configured(String subject) throws IOException {
    try {
      return Optional.of(client.getConfig(subject));
    } catch (RestClientException e) {
      return Optional.empty();
    }
  }

  private static Config checked(ConfigUpdateRequest update) throws RegistryError {
    if (CompatibilityLevel.forName(String.valueOf(update.getCompatibilityLevel())) == null) {
      throw RegistryError.invalidCompatibilityLevel();
    }
    return new Config(update);
  }
}
