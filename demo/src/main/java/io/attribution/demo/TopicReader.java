package io.attribution.demo;

import io.attribution.drift.Origin;
import io.attribution.engine.verification.VerificationSummary;
import io.attribution.stream.serde.AvroFields;
import io.attribution.stream.topics.Topics;
import io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads topics from their beginning as any other team would: a read_committed consumer and
 * Confluent's own deserializer.
 */
final class TopicReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Topics topics;
  private final KafkaAvroDeserializer avro = new KafkaAvroDeserializer();
  private final KafkaConsumer<byte[], byte[]> consumer;

  TopicReader(DemoCluster cluster, Topics topics, Collection<String> read) {
    this.topics = topics;
    avro.configure(
        Map.of(AbstractKafkaSchemaSerDeConfig.SCHEMA_REGISTRY_URL_CONFIG, cluster.registryUrl()),
        false);
    this.consumer =
        new KafkaConsumer<>(
            settings(cluster), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions = read.stream().flatMap(this::partitions).toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  private static Map<String, Object> settings(DemoCluster cluster) {
    return Map.of(
        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
        cluster.bootstrapServers(),
        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
        "read_committed",
        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
        50,
        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
        5000);
  }

  private java.util.stream.Stream<TopicPartition> partitions(String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(topic, info.partition()));
  }

  /** Passes on what arrives within the timeout. */
  void poll(Duration timeout, OutputListener listener) {
    consumer.poll(timeout).forEach(record -> dispatch(record, listener));
  }

  /** Passes on everything that is committed by now. */
  void readToEnd(OutputListener listener) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      poll(POLL, listener);
    }
  }

  private void dispatch(ConsumerRecord<byte[], byte[]> record, OutputListener listener) {
    String topic = record.topic();
    if (topic.equals(topics.projected())) {
      listener.explained(new Explanation(value(record)), record.timestamp());
    } else if (topic.equals(topics.deadLetter())) {
      listener.deadLetter(DeadLetter.of(record));
    } else if (topic.equals(topics.reduced())) {
      value(record);
      listener.reduced();
    } else if (topic.equals(topics.verification())) {
      GenericRecord metric = value(record);
      listener.verified(summary(metric), AvroFields.number(metric, "worstRelativeError"));
    } else if (topic.equals(topics.alerts())) {
      listener.alert(AlertSeen.of(value(record)));
    } else {
      listener.input(new Origin(topic, record.partition(), record.offset()));
    }
  }

  private GenericRecord value(ConsumerRecord<byte[], byte[]> record) {
    return (GenericRecord) avro.deserialize(record.topic(), record.value());
  }

  private static VerificationSummary summary(GenericRecord metric) {
    return new VerificationSummary(
        AvroFields.whole(metric, "count"),
        AvroFields.whole(metric, "elements"),
        AvroFields.number(metric, "zMin"),
        AvroFields.number(metric, "zMax"),
        AvroFields.number(metric, "reconstructionMin"),
        AvroFields.number(metric, "reconstructionMax"),
        AvroFields.number(metric, "maxError"),
        AvroFields.number(metric, "sumError"));
  }

  @Override
  public void close() {
    consumer.close();
    avro.close();
  }
}
