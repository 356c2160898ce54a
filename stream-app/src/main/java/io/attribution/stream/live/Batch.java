package io.attribution.stream.live;

import io.attribution.drift.Origin;
import io.attribution.stream.serde.AvroFields;
import org.apache.avro.generic.GenericRecord;

/**
 * How well f(e) = J(e)·e held for one batch.
 *
 * @param time largest timestamp of its records, in milliseconds since the epoch
 * @param count records
 * @param relativeError of the batch
 * @param worstRelativeError of its worst record
 * @param worst that record
 */
public record Batch(
    String model,
    String version,
    long time,
    long count,
    double relativeError,
    double worstRelativeError,
    Origin worst,
    boolean exact) {

  /**
   * @param value a VerificationMetric
   */
  static Batch of(GenericRecord value) {
    Origin first = AvroFields.origin((GenericRecord) value.get("source"));
    return new Batch(
        AvroFields.text(value, "model"),
        AvroFields.text(value, "version"),
        AvroFields.whole(value, "lastTimestamp"),
        AvroFields.whole(value, "count"),
        AvroFields.number(value, "relativeError"),
        AvroFields.number(value, "worstRelativeError"),
        new Origin(first.topic(), first.partition(), AvroFields.whole(value, "worstOffset")),
        (Boolean) value.get("exact"));
  }
}
