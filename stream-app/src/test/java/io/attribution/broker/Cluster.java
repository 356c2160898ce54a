package io.attribution.broker;

import io.attribution.config.AppConfig;
import io.attribution.config.ConfigLoader;
import io.attribution.local.EmbeddedKafka;
import io.attribution.local.LocalRegistry;
import io.attribution.topology.Topics;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;

/** A broker and a registry with the application's topics. */
final class Cluster implements AutoCloseable {
  final EmbeddedKafka kafka = EmbeddedKafka.start();
  final LocalRegistry registry = LocalRegistry.start();
  final Topics topics = Topics.DEFAULT;

  static Cluster withPartitions(int partitions) {
    Cluster cluster = new Cluster();
    Stream.of(
            cluster.topics.features(),
            cluster.topics.projected(),
            cluster.topics.reduced(),
            cluster.topics.verification(),
            cluster.topics.deadLetter())
        .forEach(topic -> cluster.kafka.createTopic(topic, partitions));
    return cluster;
  }

  /** Settings as a user would write them. */
  Map<String, String> settings(String bundles, String... more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("bundles", bundles);
    settings.put("bootstrap.servers", kafka.bootstrapServers());
    settings.put("schema.registry.url", registry.url());
    settings.put("application.id", "test");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  AppConfig config(String bundles, String... more) {
    return ConfigLoader.of(settings(bundles, more), "test");
  }

  KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            kafka.bootstrapServers(),
            ProducerConfig.LINGER_MS_CONFIG,
            "5"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /** Confluent's own serializer, registering on the registry. */
  KafkaAvroSerializer avroSerializer() {
    KafkaAvroSerializer serializer = new KafkaAvroSerializer();
    serializer.configure(
        Map.of("schema.registry.url", registry.url(), "avro.remove.java.properties", "true"),
        false);
    return serializer;
  }

  <V> KafkaConsumer<byte[], V> committedConsumer(Deserializer<V> values) {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers(),
            ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
        new ByteArrayDeserializer(),
        values);
  }

  List<String> outputs() {
    return List.of(topics.projected(), topics.reduced(), topics.verification());
  }

  @Override
  public void close() {
    registry.close();
    kafka.close();
  }
}
