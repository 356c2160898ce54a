package io.attribution.benchmarks.codec;

import io.attribution.stream.serde.Schemas;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;

/** The ids of the schemas in a registry. */
record SchemaIds(int feature, int projected, int reduced) {

  /** Registers them under the subjects that Confluent's serializer looks for. */
  static SchemaIds register(SchemaRegistryClient registry) {
    try {
      return new SchemaIds(
          registry.register(Topic.FEATURES + "-value", new AvroSchema(Schemas.FEATURE_RECORD)),
          registry.register(
              Topic.PROJECTED + "-value", new AvroSchema(Schemas.PROJECTED_CONTRIBUTION)),
          registry.register(
              Topic.REDUCED + "-value", new AvroSchema(Schemas.REDUCED_CONTRIBUTION)));
    } catch (IOException | RestClientException e) {
      throw new IllegalStateException("the registry in memory refuses a schema", e);
    }
  }

  /** Subjects are named after topics. */
  static final class Topic {
    static final String FEATURES = "features";
    static final String PROJECTED = "attributions.projected";
    static final String REDUCED = "attributions.reduced";

    private Topic() {}
  }
}
