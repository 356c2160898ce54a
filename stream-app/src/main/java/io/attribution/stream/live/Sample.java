package io.attribution.stream.live;

import io.attribution.drift.Origin;
import io.attribution.engine.reduction.TopFeatures;
import io.attribution.stream.serde.AvroFields;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;

/**
 * One explained record of the samples topic. D features, O outputs. Immutable; arrays are not to be
 * changed.
 */
public final class Sample {
  private static final int TOP = 10;

  private final String model;
  private final String version;
  private final String bundle;
  private final Origin origin;
  private final long time;
  private final Optional<String> recordId;
  private final float[] embedding;
  private final float[] reconstruction;
  private final float[] reduced;
  private final Optional<float[]> contributions;
  private final String reduction;
  private final int[] top;
  private final double relativeError;
  private final boolean exact;

  /**
   * @param value an AttributionSample
   * @param time the record's timestamp, in milliseconds since the epoch
   * @throws IllegalArgumentException when its vectors do not fit together
   */
  public Sample(GenericRecord value, long time) {
    this.model = AvroFields.text(value, "model");
    this.version = AvroFields.text(value, "version");
    this.bundle = AvroFields.text(value, "bundle");
    this.origin = AvroFields.origin((GenericRecord) value.get("source"));
    this.time = time;
    this.recordId = AvroFields.optionalText(value, "recordId");
    this.embedding = AvroFields.floats(value, "embedding");
    this.reconstruction = AvroFields.floats(value, "reconstruction");
    this.reduced = AvroFields.floats(value, "reduced");
    this.contributions =
        value.get("contributions") == null
            ? Optional.empty()
            : Optional.of(AvroFields.floats(value, "contributions"));
    require(reconstruction.length == embedding.length, "reconstruction");
    require(
        contributions.isEmpty()
            || contributions.get().length == (long) embedding.length * reduced.length,
        "contributions");
    this.reduction = AvroFields.text(value, "reduction");
    this.top = TopFeatures.indices(reduced, TOP);
    GenericRecord certificate = (GenericRecord) value.get("certificate");
    this.relativeError = AvroFields.number(certificate, "relativeError");
    this.exact = (Boolean) certificate.get("exact");
  }

  private static void require(boolean fits, String vector) {
    if (!fits) {
      throw new IllegalArgumentException(
          vector + " has another length than its embedding asks for");
    }
  }

  public String model() {
    return model;
  }

  public String version() {
    return version;
  }

  /** The bundle's fingerprint. */
  public String bundle() {
    return bundle;
  }

  /** The input record. */
  public Origin origin() {
    return origin;
  }

  /** Milliseconds since the epoch. */
  public long time() {
    return time;
  }

  public Optional<String> recordId() {
    return recordId;
  }

  /** z, O values. */
  public float[] embedding() {
    return embedding;
  }

  /** J·e, O values. */
  public float[] reconstruction() {
    return reconstruction;
  }

  /** R, D values. */
  public float[] reduced() {
    return reduced;
  }

  /** C, row-major [output, feature], O·D values. */
  public Optional<float[]> contributions() {
    return contributions;
  }

  /** How R was made. */
  public String reduction() {
    return reduction;
  }

  /** Indices of the strongest features, strongest first. */
  public int[] top() {
    return top;
  }

  public double relativeError() {
    return relativeError;
  }

  public boolean exact() {
    return exact;
  }

  /** Bytes of its vectors. */
  long weight() {
    long floats = embedding.length + reconstruction.length + (long) reduced.length;
    return Float.BYTES * (floats + contributions.map(c -> c.length).orElse(0));
  }
}
