package io.attribution.stream.broker;

import io.attribution.stream.config.AppConfig;
import io.attribution.stream.config.ConfigLoader;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Where a broker and a registry are found, and ordinary clients for them. */
record Endpoints(String bootstrapServers, String registryUrl) {
  static final String APPLICATION = "test";

  private static final String REGISTRY = "schema.registry.url";

  /**
   * Settings as a user would write them.
   *
   * @param more keys and values in turn
   */
  Map<String, String> settings(String bundles, String... more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("bundles", bundles);
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(REGISTRY, registryUrl);
    settings.put("application.id", APPLICATION);
    // Several instances run on one machine.
    settings.put("http.port", "-1");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  AppConfig config(String bundles, String... more) {
    return ConfigLoader.of(settings(bundles, more), "test");
  }

  Admin admin() {
    return Admin.create(
        Map.<String, Object>of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
  }

  KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ProducerConfig.LINGER_MS_CONFIG,
            "5"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /** Confluent's own serializer, registering on the registry. */
  KafkaAvroSerializer avroSerializer() {
    KafkaAvroSerializer serializer = new KafkaAvroSerializer();
    serializer.configure(
        Map.of(REGISTRY, registryUrl, "avro.remove.java.properties", "true"), false);
    return serializer;
  }

  /** Confluent's own deserializer, giving generic records. */
  KafkaAvroDeserializer avroDeserializer() {
    return avroDeserializer(false);
  }

  /**
   * @param specific whether it gives objects of the generated classes
   */
  KafkaAvroDeserializer avroDeserializer(boolean specific) {
    KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer();
    deserializer.configure(
        Map.of(REGISTRY, registryUrl, "specific.avro.reader", String.valueOf(specific)), false);
    return deserializer;
  }
}
