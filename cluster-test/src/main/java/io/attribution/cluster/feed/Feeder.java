package io.attribution.cluster.feed;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.Schema;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the feed to the input topic at a rate, through an idempotent producer that outlasts every
 * fault, and remembers where each record went.
 */
public final class Feeder implements AutoCloseable {
  private static final int SCHEMAS = 1_000;
  private static final int DELIVERY_MS = 15 * 60 * 1000;

  private final String topic;
  private final SchemaRegistryClient registry;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Ledger ledger;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private final Thread thread = new Thread(this::work, "feeder");
  private final Feed feed;
  private final long intervalNanos;
  private volatile WriterSchema schema;
  private volatile int enough = Integer.MAX_VALUE;
  private int generation;

  /** Registers the first schema; sends nothing before {@link #start}. */
  public Feeder(Target target, long seed, List<float[]> rows, int recordsPerSecond)
      throws IOException {
    this.topic = target.topic();
    this.registry = new CachedSchemaRegistryClient(target.registryUrl(), SCHEMAS);
    this.schema = register(0);
    this.feed = new Feed(seed, System.currentTimeMillis(), rows, schema);
    this.ledger = new Ledger(target.partitions());
    this.intervalNanos = Duration.ofSeconds(1).toNanos() / recordsPerSecond;
    this.producer = producer(target.bootstrapServers());
  }

  /**
   * Where the records go.
   *
   * @param registryUrl the registry itself, which no fault disturbs
   */
  public record Target(String bootstrapServers, String registryUrl, String topic, int partitions) {}

  private static KafkaProducer<byte[], byte[]> producer(String bootstrapServers) {
    Map<String, Object> settings =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            true,
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.LINGER_MS_CONFIG,
            5,
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4",
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            DELIVERY_MS,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            DELIVERY_MS);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  public Feed feed() {
    return feed;
  }

  public Ledger ledger() {
    return ledger;
  }

  public void start() {
    thread.setDaemon(true);
    thread.start();
  }

  /** From now on, records need a schema that no instance has asked the registry for. */
  public synchronized void useNewSchema() throws IOException {
    generation++;
    schema = register(generation);
  }

  /**
   * Sends the rest without pause; returns when the brokers have acknowledged every record.
   *
   * @param records in all, at least
   * @throws IllegalStateException when a record could not be written
   */
  public void finish(int records) throws InterruptedException {
    enough = records;
    LockSupport.unpark(thread);
    thread.join();
    Exception cause = failure.get();
    if (cause != null) {
      throw new IllegalStateException("the feeder failed: " + cause, cause);
    }
  }

  private WriterSchema register(int number) throws IOException {
    Schema next = WriterSchema.generation(number);
    try {
      return new WriterSchema(registry.register(topic + "-value", new AvroSchema(next)), next);
    } catch (RestClientException e) {
      throw new IllegalStateException("the registry refuses schema " + number, e);
    }
  }

  private void work() {
    try {
      long begin = System.nanoTime();
      for (int index = 0; index < enough && failure.get() == null; index++) {
        send(index);
        pace(begin + index * intervalNanos);
      }
      producer.flush();
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }

  private void pace(long due) {
    long wait = due - System.nanoTime();
    while (wait > 0 && enough == Integer.MAX_VALUE) {
      LockSupport.parkNanos(wait);
      wait = due - System.nanoTime();
    }
  }

  private void send(int index) {
    FeedRecord record = feed.record(index);
    ProducerRecord<byte[], byte[]> message =
        new ProducerRecord<>(
            topic,
            null,
            record.timestamp(),
            record.key().map(key -> key.getBytes(StandardCharsets.UTF_8)).orElse(null),
            feed.value(record, schema),
            record.headers());
    var unused = producer.send(message, (at, e) -> acknowledged(index, at, e));
  }

  private void acknowledged(int index, RecordMetadata at, @Nullable Exception e) {
    if (e != null) {
      failure.compareAndSet(null, e);
      return;
    }
    try {
      ledger.add(at.partition(), at.offset(), index);
    } catch (RuntimeException twice) {
      failure.compareAndSet(null, twice);
    }
  }

  @Override
  public void close() throws IOException {
    enough = 0;
    LockSupport.unpark(thread);
    producer.close(Duration.ofSeconds(5));
    registry.close();
  }
}
