package io.attribution.stream.app;

import io.attribution.drift.Origin;
import io.attribution.stream.pending.InputRecordSerde;
import io.attribution.stream.serde.SourcePositions;
import io.attribution.stream.topics.Topics;
import io.attribution.stream.topology.AttributionTopology;
import io.attribution.stream.topology.DeadLetters;
import io.attribution.stream.topology.OutputRules;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The producer of a stream thread. Sends records with a timestamp that their topic takes, where the
 * timestamp is not part of the contract, and learns which records' outputs the brokers refuse.
 *
 * <p>Kafka Streams' own production exception handler cannot learn that: it is called for the first
 * failure of a producer's batch only, which may be an innocent neighbour's.
 */
final class OutputProducer extends KafkaProducer<byte[], byte[]> {
  private static final String CHANGELOG = "-changelog";
  private static final String PENDING_ROWS = "-" + AttributionTopology.PENDING_ROWS + CHANGELOG;

  /** How brokers begin to say that records of a batch are refused; each record has a reason too. */
  private static final String REFUSED_BATCH = "One or more records have been rejected";

  private final Topics topics;
  private final OutputRules rules;
  private volatile @Nullable Exception lastRefusal;

  OutputProducer(Map<String, Object> config, Topics topics, OutputRules rules) {
    super(config, new ByteArraySerializer(), new ByteArraySerializer());
    this.topics = topics;
    this.rules = rules;
  }

  /** Creates Kafka Streams' clients: this producer, and Kafka's own consumers. */
  static final class Supplier extends DefaultKafkaClientSupplier {
    // A subclass of Kafka Streams' own supplier, because group.protocol=streams takes no other.
    private final Topics topics;
    private final OutputRules rules;

    Supplier(Topics topics, OutputRules rules) {
      this.topics = topics;
      this.rules = rules;
    }

    @Override
    public KafkaProducer<byte[], byte[]> getProducer(Map<String, Object> config) {
      return new OutputProducer(config, topics, rules);
    }
  }

  @Override
  public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
    ProducerRecord<byte[], byte[]> fitted = fitted(record);
    return super.send(
        fitted,
        (metadata, failure) -> {
          if (failure != null) {
            learn(fitted, failure);
          }
          callback.onCompletion(metadata, failure);
        });
  }

  private ProducerRecord<byte[], byte[]> fitted(ProducerRecord<byte[], byte[]> record) {
    String topic = record.topic();
    if (rules.isOutput(topic)) {
      return record;
    }
    long now = System.currentTimeMillis();
    if (topic.endsWith(CHANGELOG)) {
      // Kafka Streams takes the timestamp of whatever record comes last before a commit. Nothing
      // reads it.
      return at(record, now);
    }
    if (topic.equals(topics.deadLetter())) {
      int refused = rules.refusedLetters(DeadLetters.source(record.headers()));
      return DeadLetters.fitted(record, rules.of(topic), refused, now);
    }
    // Verification, samples, windows and alerts have their times in the value as well.
    long timestamp = rules.of(topic).nearest(record.timestamp(), now);
    return timestamp == record.timestamp() ? record : at(record, timestamp);
  }

  private static ProducerRecord<byte[], byte[]> at(
      ProducerRecord<byte[], byte[]> record, long timestamp) {
    return new ProducerRecord<>(
        record.topic(),
        record.partition(),
        timestamp,
        record.key(),
        record.value(),
        record.headers());
  }

  /** Remembers a record that was refused for its own sake. */
  void learn(ProducerRecord<byte[], byte[]> record, Exception failure) {
    if (isRefusal(failure) && !isOfAnotherBatch(failure)) {
      lastRefusal = failure;
      String reason = String.valueOf(failure.getMessage());
      source(record).ifPresent(source -> rules.refused(record.topic(), source, reason));
    }
  }

  /** Whether the brokers, or the producer's own limit, refuse a record. */
  private static boolean isRefusal(Exception failure) {
    return failure instanceof InvalidTimestampException
        || failure instanceof InvalidRecordException
        || failure instanceof RecordTooLargeException
        || failure instanceof RecordBatchTooLargeException;
  }

  /**
   * A refusal aborts the transaction, and every record that waits to be sent fails with the same
   * exception: that of the refused batch, not of a record in it. A record that is too large is
   * alone in its batch, so the exception was its own first.
   */
  private boolean isOfAnotherBatch(Exception failure) {
    return failure == lastRefusal || String.valueOf(failure.getMessage()).startsWith(REFUSED_BATCH);
  }

  /** The input record that an output was made of; empty when it was made of several. */
  private Optional<Origin> source(ProducerRecord<byte[], byte[]> record) {
    String topic = record.topic();
    if (topic.equals(topics.deadLetter())) {
      return Optional.of(DeadLetters.source(record.headers()));
    }
    byte[] value = record.value();
    if (value == null) {
      return Optional.empty();
    }
    if (topic.endsWith(PENDING_ROWS)) {
      return Optional.of(new InputRecordSerde().deserializer().deserialize(topic, value).origin());
    }
    boolean ofOne = rules.isOutput(topic) || topic.equals(topics.samples());
    return ofOne ? SourcePositions.of(value) : Optional.empty();
  }
}
