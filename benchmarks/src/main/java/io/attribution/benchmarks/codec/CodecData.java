package io.attribution.benchmarks.codec;

import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.stream.serde.Schemas;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.PrimitivesArrays;

/**
 * What is written: one row of random results, as matrices and as Avro's generic records. Float
 * vectors in the records are Avro's own primitive arrays, which box less than a list does.
 *
 * @param registry knows the three schemas
 * @param embedding (1, 2)
 * @param contributions (1, floats), two outputs
 * @param reduced (1, floats)
 */
record CodecData(
    SchemaRegistryClient registry,
    FloatMatrix embedding,
    FloatMatrix contributions,
    FloatMatrix reduced) {
  static final String MODEL = "digits";
  static final String VERSION = "1";
  static final String FINGERPRINT = "0123456789abcdef".repeat(4);
  static final int PARTITION = 3;
  static final long OFFSET = 1_234_567;
  static final double TOLERANCE = 1e-4;
  static final String FEATURES = "features";
  static final String PROJECTED = "attributions.projected";
  static final String REDUCED = "attributions.reduced";
  private static final Map<String, Schema> SCHEMAS =
      Map.of(
          FEATURES, Schemas.FEATURE_RECORD,
          PROJECTED, Schemas.PROJECTED_CONTRIBUTION,
          REDUCED, Schemas.REDUCED_CONTRIBUTION);
  private static final long SEED = 20_261_123;

  static CodecData random(int floats) {
    Random random = new Random(SEED);
    return new CodecData(
        new MockSchemaRegistryClient(), row(random, 2), row(random, floats), row(random, floats));
  }

  private static FloatMatrix row(Random random, int columns) {
    float[] values = new float[columns];
    for (int i = 0; i < columns; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return FloatMatrix.of(values);
  }

  /** The id of a topic's schema, registered under the subject that Confluent's serializer uses. */
  int id(String topic) {
    try {
      return registry.register(topic + "-value", new AvroSchema(SCHEMAS.get(topic)));
    } catch (IOException | RestClientException e) {
      throw new IllegalStateException("the registry in memory refuses a schema", e);
    }
  }

  GenericRecord featureRecord() {
    GenericRecord record = new GenericData.Record(Schemas.FEATURE_RECORD);
    record.put("features", floats(record, "features", reduced));
    return record;
  }

  GenericRecord projectedRecord() {
    GenericRecord record = begin(Schemas.PROJECTED_CONTRIBUTION);
    record.put("outputs", embedding.columns());
    record.put("features", reduced.columns());
    record.put("contributions", floats(record, "contributions", contributions));
    return record;
  }

  GenericRecord reducedRecord() {
    GenericRecord record = begin(Schemas.REDUCED_CONTRIBUTION);
    record.put("reduction", "l2");
    record.put("features", reduced.columns());
    record.put("values", floats(record, "values", reduced));
    return record;
  }

  private GenericRecord begin(Schema schema) {
    GenericRecord record = new GenericData.Record(schema);
    record.put("model", MODEL);
    record.put("version", VERSION);
    record.put("bundle", FINGERPRINT);
    GenericRecord source = new GenericData.Record(schema.getField("source").schema());
    source.put("topic", FEATURES);
    source.put("partition", PARTITION);
    source.put("offset", OFFSET);
    record.put("source", source);
    record.put("embedding", floats(record, "embedding", embedding));
    GenericRecord certificate = new GenericData.Record(schema.getField("certificate").schema());
    certificate.put("relativeError", 0.0);
    certificate.put("tolerance", TOLERANCE);
    certificate.put("exact", true);
    certificate.put("method", ContributionMethod.JACOBIAN.label());
    certificate.put("base", List.of());
    certificate.put("nodes", 0);
    record.put("certificate", certificate);
    return record;
  }

  /** Row 0 of a matrix. */
  private static PrimitivesArrays.FloatArray floats(
      GenericRecord record, String field, FloatMatrix matrix) {
    PrimitivesArrays.FloatArray floats =
        new PrimitivesArrays.FloatArray(
            matrix.columns(), record.getSchema().getField(field).schema());
    for (int i = 0; i < matrix.columns(); i++) {
      floats.add(i, matrix.get(0, i));
    }
    return floats;
  }

  /** A FeatureRecord's features to row 0 of a batch. */
  static void copy(GenericRecord record, FloatMatrix batch) {
    List<?> features = (List<?>) record.get(0);
    float[] row = new float[features.size()];
    if (features instanceof PrimitivesArrays.FloatArray floats) {
      for (int i = 0; i < row.length; i++) {
        row[i] = floats.getFloat(i);
      }
    } else {
      for (int i = 0; i < row.length; i++) {
        row[i] = (Float) features.get(i);
      }
    }
    batch.setRow(0, row);
  }
}
