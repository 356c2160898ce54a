package io.attribution.cluster.check;

import io.attribution.drift.Origin;
import io.attribution.stream.serde.Schemas;
import io.attribution.stream.topics.Topics;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads all output topics from their beginning, committed records only, into a check. */
public final class TopicScan implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final CompletenessCheck check;
  private final Topics topics;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final KafkaAvroDeserializer avro = new KafkaAvroDeserializer();
  private final Schema projected;
  private final Schema reduced;
  private final Schema metric;

  /**
   * @param registryUrl the registry itself
   */
  public TopicScan(
      String bootstrapServers, String registryUrl, Topics topics, CompletenessCheck check) {
    this.check = check;
    this.topics = topics;
    this.avro.configure(Map.of("schema.registry.url", registryUrl), false);
    this.projected = some(Schemas.PROJECTED_CONTRIBUTION, "source", "recordId", "embedding");
    this.reduced = some(Schemas.REDUCED_CONTRIBUTION, "source", "recordId", "embedding");
    this.metric = some(Schemas.VERIFICATION_METRIC, "source", "count");
    this.consumer = consumer(bootstrapServers);
    consumer.assign(partitions());
  }

  /** A reader schema of a few fields: Avro skips the others, matrices included. */
  private static Schema some(Schema schema, String... names) {
    List<Schema.Field> fields = new ArrayList<>();
    for (String name : names) {
      Schema.Field field = schema.getField(name);
      fields.add(new Schema.Field(field, field.schema()));
    }
    return Schema.createRecord(
        schema.getName(), schema.getDoc(), schema.getNamespace(), false, fields);
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers) {
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
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            5_000);
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private Collection<TopicPartition> partitions() {
    return List.of(topics.projected(), topics.reduced(), topics.deadLetter(), topics.verification())
        .stream()
        .flatMap(topic -> consumer.partitionsFor(topic).stream())
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }

  /** Reads until the check is complete, or until it has made no progress for so long. */
  public void readUntilComplete(Duration patience) {
    long lastProgress = System.nanoTime();
    while (!check.isComplete() && System.nanoTime() - lastProgress < patience.toNanos()) {
      long before = check.progress();
      poll();
      if (check.progress() > before) {
        lastProgress = System.nanoTime();
      }
    }
  }

  /** Reads to what is the end now: everything, once the application has ended. */
  public void readToEnd() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      poll();
    }
  }

  private void poll() {
    consumer.poll(POLL).forEach(this::accept);
  }

  private void accept(ConsumerRecord<byte[], byte[]> record) {
    String topic = record.topic();
    if (topic.equals(topics.deadLetter())) {
      check.refused(record);
    } else if (topic.equals(topics.verification())) {
      GenericRecord value = decode(record, metric);
      check.verified(source(value), (Long) value.get("count"));
    } else {
      GenericRecord value = decode(record, topic.equals(topics.projected()) ? projected : reduced);
      check.explained(record, explanation(value));
    }
  }

  private GenericRecord decode(ConsumerRecord<byte[], byte[]> record, Schema reader) {
    return (GenericRecord) avro.deserialize(record.topic(), record.value(), reader);
  }

  private static Explanation explanation(GenericRecord value) {
    Optional<String> recordId = Optional.ofNullable(value.get("recordId")).map(Object::toString);
    List<Float> embedding =
        ((Collection<?>) value.get("embedding")).stream().map(Float.class::cast).toList();
    return new Explanation(source(value), recordId, embedding);
  }

  private static Origin source(GenericRecord value) {
    GenericRecord source = (GenericRecord) value.get("source");
    return new Origin(
        source.get("topic").toString(),
        (Integer) source.get("partition"),
        (Long) source.get("offset"));
  }

  @Override
  public void close() {
    consumer.close();
    avro.close();
  }
}
