package io.attribution.stream.live;

import io.attribution.stream.serde.Schemas;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;

/** Records as the topics hold them. */
public final class LiveRecords {
  private LiveRecords() {}

  /**
   * A sample of a model with two outputs.
   *
   * @param contributions C, row-major, 2·D values; its l2 reduction is computed
   */
  public static GenericRecord sample(
      String model, String bundle, long offset, boolean matrix, float... contributions) {
    int features = contributions.length / 2;
    List<Float> reduced = new ArrayList<>();
    for (int k = 0; k < features; k++) {
      reduced.add((float) Math.hypot(contributions[k], contributions[features + k]));
    }
    Schema schema = Schemas.ATTRIBUTION_SAMPLE;
    return new GenericRecordBuilder(schema)
        .set("model", model)
        .set("version", "1")
        .set("bundle", bundle)
        .set("source", source(schema.getField("source").schema(), offset))
        .set("recordId", "r" + offset)
        .set("embedding", List.of(1f, 2f))
        .set("reconstruction", List.of(1f, 2.5f))
        .set("features", reduced)
        .set("reduction", "l2")
        .set("reduced", reduced)
        .set("contributions", matrix ? boxed(contributions) : null)
        .set(
            "certificate",
            new GenericRecordBuilder(schema.getField("certificate").schema())
                .set("relativeError", 1e-7)
                .set("tolerance", 1e-4)
                .set("exact", true)
                .build())
        .build();
  }

  private static List<Float> boxed(float... values) {
    List<Float> boxed = new ArrayList<>();
    for (float value : values) {
      boxed.add(value);
    }
    return boxed;
  }

  private static GenericRecord source(Schema schema, long offset) {
    return new GenericRecordBuilder(schema)
        .set("topic", "features")
        .set("partition", 0)
        .set("offset", offset)
        .build();
  }

  /** A metric of one record. */
  public static GenericRecord metric(String model, long offset, double relativeError) {
    Schema schema = Schemas.VERIFICATION_METRIC;
    return new GenericRecordBuilder(schema)
        .set("model", model)
        .set("version", "1")
        .set("bundle", "b")
        .set("engine", "layers")
        .set("source", source(schema.getField("source").schema(), offset))
        .set("lastOffset", offset)
        .set("firstTimestamp", 1000 + offset)
        .set("lastTimestamp", 1000 + offset)
        .set("count", 1L)
        .set("elements", 2L)
        .set("zMin", -1.0)
        .set("zMax", 1.0)
        .set("reconstructionMin", -1.0)
        .set("reconstructionMax", 1.0)
        .set("maxError", relativeError)
        .set("sumError", relativeError)
        .set("meanError", relativeError)
        .set("relativeError", relativeError)
        .set("tolerance", 1e-4)
        .set("exact", relativeError <= 1e-4)
        .set("worstOffset", offset)
        .set("worstRelativeError", relativeError)
        .build();
  }

  /** A window of ten seconds. */
  public static GenericRecord window(String model, long start, long count) {
    Schema schema = Schemas.VERIFICATION_WINDOW;
    return new GenericRecordBuilder(schema)
        .set("model", model)
        .set("version", "1")
        .set("bundle", "b")
        .set("start", start)
        .set("end", start + 10_000)
        .set("batches", 1L)
        .set("count", count)
        .set("elements", 2 * count)
        .set("zMin", -1.0)
        .set("zMax", 1.0)
        .set("reconstructionMin", -1.0)
        .set("reconstructionMax", 1.0)
        .set("maxError", 1e-6)
        .set("sumError", 1e-6)
        .set("meanError", 1e-6)
        .set("relativeError", 1e-6)
        .set("tolerance", 1e-4)
        .set("exact", true)
        .set("inexact", 0L)
        .set("worst", source(schema.getField("worst").schema(), 7))
        .set("worstRelativeError", 1e-6)
        .build();
  }

  public static GenericRecord alert(String model, String kind, String state) {
    Schema schema = Schemas.DRIFT_ALERT;
    return new GenericRecordBuilder(schema)
        .set("model", model)
        .set("version", "1")
        .set("bundle", "b")
        .set("kind", kind)
        .set("state", state)
        .set("severity", "critical")
        .set("since", 1000L)
        .set("at", 2000L)
        .set("detector", "threshold")
        .set("statistic", 0.16)
        .set("threshold", 1e-4)
        .set("probableCause", "bias_present")
        .set("worst", source(schema.getField("worst").schema().getTypes().get(1), 12))
        .set("message", "contributions do not add up")
        .set("alertId", "id-" + kind)
        .build();
  }
}
