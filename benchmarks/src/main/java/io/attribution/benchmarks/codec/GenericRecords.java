package io.attribution.benchmarks.codec;

import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.stream.serde.Schemas;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.PrimitivesArrays;

/**
 * The same values as Avro's generic records. Float vectors are Avro's own primitive arrays, which
 * box less than a list does.
 */
final class GenericRecords {
  private GenericRecords() {}

  static GenericRecord feature(FloatMatrix features) {
    GenericRecord record = new GenericData.Record(Schemas.FEATURE_RECORD);
    record.put("features", floats(Schemas.FEATURE_RECORD, "features", features));
    return record;
  }

  static GenericRecord projected(Results results) {
    Schema schema = Schemas.PROJECTED_CONTRIBUTION;
    GenericRecord record = begin(schema, results);
    record.put("outputs", results.embedding().columns());
    record.put("features", results.reduced().columns());
    record.put("contributions", floats(schema, "contributions", results.contributions()));
    return record;
  }

  static GenericRecord reduced(Results results) {
    Schema schema = Schemas.REDUCED_CONTRIBUTION;
    GenericRecord record = begin(schema, results);
    record.put("reduction", "l2");
    record.put("features", results.reduced().columns());
    record.put("values", floats(schema, "values", results.reduced()));
    return record;
  }

  private static GenericRecord begin(Schema schema, Results results) {
    GenericRecord record = new GenericData.Record(schema);
    record.put("model", Results.MODEL);
    record.put("version", Results.VERSION);
    record.put("bundle", Results.FINGERPRINT);
    record.put("source", source(schema.getField("source").schema()));
    record.put("embedding", floats(schema, "embedding", results.embedding()));
    record.put("certificate", certificate(schema.getField("certificate").schema()));
    return record;
  }

  private static GenericRecord source(Schema schema) {
    GenericRecord source = new GenericData.Record(schema);
    source.put("topic", Results.TOPIC);
    source.put("partition", Results.PARTITION);
    source.put("offset", Results.OFFSET);
    return source;
  }

  private static GenericRecord certificate(Schema schema) {
    GenericRecord certificate = new GenericData.Record(schema);
    certificate.put("relativeError", 0.0);
    certificate.put("tolerance", Results.TOLERANCE);
    certificate.put("exact", true);
    return certificate;
  }

  /** Row 0 of a matrix. */
  private static PrimitivesArrays.FloatArray floats(
      Schema schema, String field, FloatMatrix matrix) {
    PrimitivesArrays.FloatArray floats =
        new PrimitivesArrays.FloatArray(matrix.columns(), schema.getField(field).schema());
    for (int i = 0; i < matrix.columns(); i++) {
      floats.add(i, matrix.get(0, i));
    }
    return floats;
  }

  /** A record's features to row 0 of a batch. */
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
