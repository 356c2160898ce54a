package io.attribution.stream.app;

import io.attribution.stream.registry.Registry;
import org.apache.avro.Schema;

/** The schema ids of the output topics, resolved once, at start. */
final class OutputSchemas {
  private final RegistryConnection connection;
  private final Registry registry;
  private int last = 1;

  OutputSchemas(RegistryConnection connection, Registry registry) {
    this.connection = connection;
    this.registry = registry;
  }

  /**
   * The id of a schema for a topic's values; registers it first unless registration is disabled.
   *
   * @throws io.attribution.stream.registry.RegistryException when the registry is unreachable or
   *     refuses
   */
  int id(String topic, Schema schema) {
    last =
        registry.schemaId(
            connection.valueSubject(topic, schema), schema, connection.registration());
    return last;
  }

  /** An id that the registry has, as a rule: that of an output, or 1 where there is none. */
  int anyId() {
    return last;
  }
}
