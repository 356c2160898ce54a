package io.attribution.benchmarks.codec;

import io.attribution.engine.matrix.FloatMatrix;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;

/** Confluent's serializer and deserializer with generic records. */
final class ConfluentPeer {
  private final KafkaAvroSerializer serializer;
  private final KafkaAvroDeserializer deserializer;

  ConfluentPeer(SchemaRegistryClient registry) {
    Map<String, Object> config = Map.of("schema.registry.url", "mock://benchmark");
    this.serializer = new KafkaAvroSerializer(registry);
    serializer.configure(config, false);
    this.deserializer = new KafkaAvroDeserializer(registry);
    deserializer.configure(config, false);
  }

  void decode(byte[] value, FloatMatrix batch) {
    GenericRecords.copy(
        (GenericRecord) deserializer.deserialize(SchemaIds.Topic.FEATURES, value), batch);
  }

  byte[] encodeProjected(Results results) {
    return serializer.serialize(SchemaIds.Topic.PROJECTED, GenericRecords.projected(results));
  }

  byte[] encodeReduced(Results results) {
    return serializer.serialize(SchemaIds.Topic.REDUCED, GenericRecords.reduced(results));
  }
}
