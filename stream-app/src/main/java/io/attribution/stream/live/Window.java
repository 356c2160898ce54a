package io.attribution.stream.live;

import io.attribution.stream.serde.AvroFields;
import org.apache.avro.generic.GenericRecord;

/**
 * Verification over a window of event time, [start, end) in milliseconds since the epoch.
 *
 * @param count records
 * @param inexact records whose own relative error is above the tolerance
 */
public record Window(
    String model,
    String version,
    String bundle,
    long start,
    long end,
    long count,
    double relativeError,
    double maxError,
    double meanError,
    double zMin,
    double zMax,
    double reconstructionMin,
    double reconstructionMax,
    boolean exact,
    long inexact) {

  /** What a later record replaces. */
  record Key(String version, String bundle, long start) {}

  Key key() {
    return new Key(version, bundle, start);
  }

  /**
   * @param value a VerificationWindow
   */
  static Window of(GenericRecord value) {
    return new Window(
        AvroFields.text(value, "model"),
        AvroFields.text(value, "version"),
        AvroFields.text(value, "bundle"),
        AvroFields.whole(value, "start"),
        AvroFields.whole(value, "end"),
        AvroFields.whole(value, "count"),
        AvroFields.number(value, "relativeError"),
        AvroFields.number(value, "maxError"),
        AvroFields.number(value, "meanError"),
        AvroFields.number(value, "zMin"),
        AvroFields.number(value, "zMax"),
        AvroFields.number(value, "reconstructionMin"),
        AvroFields.number(value, "reconstructionMax"),
        (Boolean) value.get("exact"),
        AvroFields.whole(value, "inexact"));
  }
}
