package io.attribution.demo;

import io.attribution.drift.Origin;
import io.attribution.engine.verification.VerificationSummary;
import io.attribution.local.CommittedRecords;
import io.attribution.schema.DriftAlert;
import io.attribution.schema.ProjectedContribution;
import io.attribution.schema.ReducedContribution;
import io.attribution.schema.SourcePosition;
import io.attribution.schema.VerificationMetric;
import io.attribution.stream.topics.Topics;
import io.attribution.stream.topology.DeadLetters;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroDeserializerConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads topics from their beginning as any other team would: with a read_committed consumer,
 * Confluent's deserializer and the classes generated from the schemas.
 */
final class TopicReader implements AutoCloseable {
  static {
    trustGeneratedClasses();
  }

  private final Topics topics;
  private final KafkaAvroDeserializer avro = new KafkaAvroDeserializer();
  private final CommittedRecords<byte[]> records;

  private TopicReader(DemoCluster cluster, Topics topics, Stream<String> read) {
    this.topics = topics;
    avro.configure(
        Map.of(
            KafkaAvroDeserializerConfig.SCHEMA_REGISTRY_URL_CONFIG,
            cluster.registryUrl(),
            KafkaAvroDeserializerConfig.SPECIFIC_AVRO_READER_CONFIG,
            true),
        false);
    this.records =
        new CommittedRecords<>(
            cluster.bootstrapServers(), read.toList(), new ByteArrayDeserializer());
  }

  /** Avro 1.12 creates objects of trusted classes only; its default trusts none of ours. */
  private static void trustGeneratedClasses() {
    String generated = DriftAlert.class.getPackageName();
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.getGlobal(), type -> type.getPackageName().equals(generated)));
  }

  /** A reader of all topics that the application writes for users. */
  static TopicReader ofOutputs(DemoCluster cluster, Topics topics) {
    return new TopicReader(cluster, topics, outputs(topics));
  }

  /** Everything that input and output topics hold now. */
  static Tally readAll(DemoCluster cluster, Topics topics) {
    Tally tally = new Tally();
    Stream<String> all = Stream.concat(Stream.of(topics.features()), outputs(topics));
    try (TopicReader reader = new TopicReader(cluster, topics, all)) {
      reader.records.readToEnd(record -> reader.add(record, tally));
    }
    return tally;
  }

  private static Stream<String> outputs(Topics topics) {
    return Stream.of(
        topics.projected(),
        topics.reduced(),
        topics.verification(),
        topics.alerts(),
        topics.deadLetter());
  }

  /** Adds what arrives within the timeout. */
  void poll(Duration timeout, Tally tally) {
    records.poll(timeout).forEach(record -> add(record, tally));
  }

  private void add(ConsumerRecord<byte[], byte[]> record, Tally tally) {
    if (record.topic().equals(topics.features())) {
      tally.input(new Origin(record.topic(), record.partition(), record.offset()));
    } else if (record.topic().equals(topics.deadLetter())) {
      tally.deadLetter(DeadLetter.of(record));
    } else {
      add(avro.deserialize(record.topic(), record.value()), record.timestamp(), tally);
    }
  }

  private static void add(Object value, long timestamp, Tally tally) {
    if (value instanceof ProjectedContribution explanation) {
      tally.explained(explanation, timestamp);
    } else if (value instanceof ReducedContribution) {
      tally.reduced();
    } else if (value instanceof VerificationMetric metric) {
      tally.verified(summary(metric), metric.getWorstRelativeError());
    } else if (value instanceof DriftAlert alert) {
      tally.alert(alert);
    } else {
      throw new IllegalStateException("no output of the application: " + value);
    }
  }

  private static VerificationSummary summary(VerificationMetric metric) {
    return new VerificationSummary(
        metric.getCount(),
        metric.getElements(),
        metric.getZMin(),
        metric.getZMax(),
        metric.getReconstructionMin(),
        metric.getReconstructionMax(),
        metric.getMaxError(),
        metric.getSumError());
  }

  /** The input record of an output. */
  static Origin origin(SourcePosition source) {
    return new Origin(source.getTopic(), source.getPartition(), source.getOffset());
  }

  @Override
  public void close() {
    records.close();
    avro.close();
  }

  /**
   * A record of the dead-letter topic.
   *
   * @param source the bad input record
   */
  record DeadLetter(Origin source, String reason, String detail) {

    private static DeadLetter of(ConsumerRecord<byte[], byte[]> record) {
      return new DeadLetter(
          new Origin(
              header(record, DeadLetters.TOPIC),
              Integer.parseInt(header(record, DeadLetters.PARTITION)),
              Long.parseLong(header(record, DeadLetters.OFFSET))),
          header(record, DeadLetters.REASON),
          header(record, DeadLetters.MESSAGE));
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
      Header header = record.headers().lastHeader(name);
      if (header == null) {
        throw new IllegalStateException(
            "the dead letter at offset " + record.offset() + " lacks the header " + name);
      }
      return new String(header.value(), StandardCharsets.UTF_8);
    }
  }
}
