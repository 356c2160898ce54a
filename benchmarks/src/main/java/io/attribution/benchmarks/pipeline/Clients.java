package io.attribution.benchmarks.pipeline;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** The benchmark's own clients. */
final class Clients {
  private static final int MIB = 1 << 20;

  private Clients() {}

  /** A producer that remembers its failure. */
  static final class Producer implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    /**
     * @param lingerMillis 0 would be a request for each tick's few records, and the broker would
     *     take the subject's processors for them
     */
    Producer(String bootstrapServers, int lingerMillis, String compression) {
      Map<String, Object> settings =
          Map.of(
              ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
              ProducerConfig.LINGER_MS_CONFIG, lingerMillis,
              ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10,
              ProducerConfig.COMPRESSION_TYPE_CONFIG, compression,
              ProducerConfig.BUFFER_MEMORY_CONFIG, 64L * MIB);
      this.producer =
          new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    void send(ProducerRecord<byte[], byte[]> record) {
      var unused =
          producer.send(
              record,
              (metadata, e) -> {
                if (e != null) {
                  failure.set(e);
                }
              });
    }

    /**
     * @throws IllegalStateException when a record was not written
     */
    void requireSent() {
      Exception cause = failure.get();
      if (cause != null) {
        throw new IllegalStateException("records were not written: " + cause, cause);
      }
    }

    void flush() {
      producer.flush();
      requireSent();
    }

    @Override
    public void close() {
      producer.close(Duration.ofSeconds(5));
    }
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
