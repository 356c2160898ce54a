package io.attribution.cluster.check;

import io.attribution.drift.Origin;
import io.attribution.local.CommittedRecords;
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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads all output topics from their beginning, committed records only, into a check. */
public final class TopicScan implements AutoCloseable {
  private final CompletenessCheck check;
  private final Topics topics;
  private final CommittedRecords<byte[]> records;
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
    this.records =
        new CommittedRecords<>(
            bootstrapServers,
            List.of(
                topics.projected(), topics.reduced(), topics.deadLetter(), topics.verification()),
            new ByteArrayDeserializer());
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

  /** Reads until the check is complete, or until it has made no progress for so long. */
  public void readUntilComplete(Duration patience) {
    long lastProgress = System.nanoTime();
    while (!check.isComplete() && System.nanoTime() - lastProgress < patience.toNanos()) {
      long before = check.progress();
      records.poll().forEach(this::accept);
      if (check.progress() > before) {
        lastProgress = System.nanoTime();
      }
    }
  }

  /** Reads to what is the end now: everything, once the application has ended. */
  public void readToEnd() {
    records.readToEnd(this::accept);
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
    records.close();
    avro.close();
  }
}
