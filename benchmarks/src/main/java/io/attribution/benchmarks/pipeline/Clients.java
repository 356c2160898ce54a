package io.attribution.benchmarks.pipeline;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;

/** The benchmark's own clients. */
final class Clients {
  private static final int MIB = 1 << 20;

  private Clients() {}

  /** Large batches: how the input gets there first. */
  static KafkaProducer<byte[], byte[]> bulkProducer(String bootstrapServers) {
    return producer(
        bootstrapServers,
        Map.of(
            ProducerConfig.LINGER_MS_CONFIG,
            20,
            ProducerConfig.BATCH_SIZE_CONFIG,
            256 << 10,
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4"));
  }

  /**
   * Short batches: a record is sent within two milliseconds of its time. Sent at once, each tick's
   * few records would be a request, and the broker would take the subject's processors for them.
   */
  static KafkaProducer<byte[], byte[]> promptProducer(String bootstrapServers) {
    return producer(
        bootstrapServers,
        Map.of(ProducerConfig.LINGER_MS_CONFIG, 2, ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10));
  }

  private static KafkaProducer<byte[], byte[]> producer(
      String bootstrapServers, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L * MIB);
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Sees committed records only, as soon as they are. */
  static <V> KafkaConsumer<byte[], V> committedConsumer(
      String bootstrapServers, Deserializer<V> values) {
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
            1,
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            10_000,
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            16 * MIB);
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), values);
  }
}
