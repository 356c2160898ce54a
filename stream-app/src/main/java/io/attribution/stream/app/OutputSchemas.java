package io.attribution.stream.app;

import io.attribution.stream.registry.Registry;
import org.apache.avro.Schema;

/** The ids that the topics' records are written with; asked for once, at start. */
final class OutputSchemas {
  private final RegistryConnection connection;
  private final Registry registry;

  OutputSchemas(RegistryConnection connection, Registry registry) {
    this.connection = connection;
    this.registry = registry;
  }

  /**
   * The id of a schema for a topic's values; registers it first unless that is switched off.
   *
   * @throws io.attribution.stream.serde.RegistryException when the registry cannot be asked, or
   *     refuses
   */
  int id(String topic, Schema schema) {
    return registry.schemaId(
        connection.valueSubject(topic, schema), schema, connection.registersSchemas());
  }
}
