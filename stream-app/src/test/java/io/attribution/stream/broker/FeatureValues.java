package io.attribution.stream.broker;

import io.attribution.stream.serde.Schemas;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;

/** Values for the input topic, through Confluent's own serializer. */
final class FeatureValues implements AutoCloseable {
  /** A release of somebody else that knows one field more. */
  private static final Schema NEWER = newer();

  /** Features that are whole numbers: Avro promotes them. */
  private static final Schema WHOLE_NUMBERS =
      SchemaBuilder.record("FeatureRecord")
          .namespace("io.attribution.schema")
          .fields()
          .name("features")
          .type()
          .array()
          .items()
          .intType()
          .noDefault()
          .endRecord();

  private static final Schema UNRELATED =
      SchemaBuilder.record("Invoice").namespace("shop").fields().requiredLong("cents").endRecord();

  private final KafkaAvroSerializer avro;
  private final String topic;

  FeatureValues(Endpoints endpoints, String topic) {
    this.avro = endpoints.avroSerializer();
    this.topic = topic;
  }

  private static Schema newer() {
    List<Schema.Field> fields = new ArrayList<>();
    fields.add(
        new Schema.Field(
            "tenant", Schema.create(Schema.Type.STRING), "Who sent it.", (Object) "nobody"));
    for (Schema.Field field : Schemas.FEATURE_RECORD.getFields()) {
      fields.add(new Schema.Field(field, field.schema()));
    }
    return Schema.createRecord(
        Schemas.FEATURE_RECORD.getName(),
        Schemas.FEATURE_RECORD.getDoc(),
        Schemas.FEATURE_RECORD.getNamespace(),
        false,
        fields);
  }

  byte[] row(float[] features, Optional<String> model, Optional<String> recordId) {
    return avro.serialize(topic, record(Schemas.FEATURE_RECORD, features, model, recordId).build());
  }

  byte[] row(float[] features) {
    return row(features, Optional.empty(), Optional.empty());
  }

  /** Registers the newer schema when it is first asked for. */
  byte[] newer(float[] features, Optional<String> model, Optional<String> recordId) {
    return avro.serialize(
        topic, record(NEWER, features, model, recordId).set("tenant", "somebody").build());
  }

  private static GenericRecordBuilder record(
      Schema schema, float[] features, Optional<String> model, Optional<String> recordId) {
    List<Float> values = new ArrayList<>(features.length);
    for (float feature : features) {
      values.add(feature);
    }
    return new GenericRecordBuilder(schema)
        .set("features", values)
        .set("model", model.orElse(null))
        .set("recordId", recordId.orElse(null));
  }

  /** The features cut to whole numbers; registered under a subject of their own. */
  byte[] wholeNumbers(float[] features) {
    List<Integer> values = new ArrayList<>(features.length);
    for (float feature : features) {
      values.add((int) feature);
    }
    return elsewhere(new GenericRecordBuilder(WHOLE_NUMBERS).set("features", values).build());
  }

  /** A good Avro record of a schema that is no FeatureRecord. */
  byte[] unrelated() {
    return elsewhere(new GenericRecordBuilder(UNRELATED).set("cents", 995L).build());
  }

  private byte[] elsewhere(GenericRecord record) {
    return avro.serialize(record.getSchema().getName(), record);
  }

  @Override
  public void close() {
    avro.close();
  }
}
