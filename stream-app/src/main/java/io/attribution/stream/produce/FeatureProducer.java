package io.attribution.stream.produce;

import io.attribution.stream.config.ConfigException;
import io.attribution.stream.config.KafkaFault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends feature records to one topic. A record that could not be sent fails the next call. For use
 * by one thread; other threads may read the count of acknowledged records.
 */
public final class FeatureProducer implements AutoCloseable {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final KafkaTarget target;
  private final FeatureEncoder encoder;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  private FeatureProducer(
      KafkaTarget target, FeatureEncoder encoder, KafkaProducer<byte[], byte[]> producer) {
    this.target = target;
    this.encoder = encoder;
    this.producer = producer;
  }

  /**
   * @throws ConfigException when a setting is not valid
   */
  public static FeatureProducer open(KafkaTarget target) {
    FeatureEncoder encoder = encoder(target);
    try {
      ByteArraySerializer bytes = new ByteArraySerializer();
      return new FeatureProducer(
          target, encoder, new KafkaProducer<>(target.producerSettings(), bytes, bytes));
    } catch (KafkaException e) {
      encoder.close();
      throw new ConfigException(KafkaFault.ofSettings(e));
    }
  }

  private static FeatureEncoder encoder(KafkaTarget target) {
    try {
      return new FeatureEncoder(target.topic(), target.registrySettings());
    } catch (org.apache.kafka.common.config.ConfigException e) {
      throw new ConfigException("schema registry settings: " + e.getMessage());
    }
  }

  /**
   * Sends a row of features; returns before it is acknowledged.
   *
   * @throws ProduceException when this record or an earlier one could not be sent
   */
  public void send(String key, float[] features, Optional<String> model, String recordId) {
    send(key, encode(features, model, recordId));
  }

  /** A row of features as the bytes of a message. */
  public byte[] encode(float[] features, Optional<String> model, String recordId) {
    try {
      return encoder.encode(features, model, recordId);
    } catch (KafkaException e) {
      throw ProduceException.ofRegistry(target, e);
    }
  }

  /** Sends any bytes, valid or not; null is a tombstone. */
  public void send(String key, byte @Nullable [] value) {
    throwFailure();
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    try {
      // The callback gets the result.
      Future<RecordMetadata> unused =
          producer.send(new ProducerRecord<>(target.topic(), keyBytes, value), this::completed);
    } catch (KafkaException e) {
      throw ProduceException.of(target, e);
    }
  }

  private void completed(@Nullable RecordMetadata metadata, @Nullable Exception e) {
    if (e == null) {
      acknowledged.incrementAndGet();
    } else {
      failure.compareAndSet(null, e);
    }
  }

  /** Waits until every record is acknowledged or has failed. */
  public void flush() {
    try {
      producer.flush();
    } catch (KafkaException e) {
      throw ProduceException.of(target, e);
    }
    throwFailure();
  }

  /**
   * Whether this number of records is acknowledged.
   *
   * @throws ProduceException when one could not be sent
   */
  boolean isSettled(long sent) {
    throwFailure();
    return acknowledged() >= sent;
  }

  String topic() {
    return target.topic();
  }

  private void throwFailure() {
    Exception first = failure.get();
    if (first != null) {
      throw ProduceException.of(target, first);
    }
  }

  /** How many records the broker has acknowledged. */
  public long acknowledged() {
    return acknowledged.get();
  }

  /** Waits up to five seconds for records in flight, then drops the others. */
  @Override
  public void close() {
    try {
      producer.close(CLOSE_TIMEOUT);
    } catch (InterruptException e) {
      // Closed all the same; records in flight are dropped.
      Thread.interrupted();
    }
    encoder.close();
  }
}
