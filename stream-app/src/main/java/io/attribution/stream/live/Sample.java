package io.attribution.stream.live;

import io.attribution.drift.Origin;
import io.attribution.engine.reduction.TopFeatures;
import io.attribution.schema.AttributionSample;
import io.attribution.stream.serde.FloatVectors;
import io.attribution.stream.serde.SourcePositions;
import java.util.Optional;

/**
 * One explained record of the samples topic, with its vectors as arrays: a fifth of the memory of
 * the generated record. D features, O outputs. Immutable; arrays are not to be changed.
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
  private final String method;
  private final float[] base;
  private final double relativeError;
  private final boolean exact;

  /**
   * @param time the record's timestamp, in milliseconds since the epoch
   * @throws IllegalArgumentException when its vectors do not fit together
   */
  public Sample(AttributionSample record, long time) {
    this.model = record.getModel();
    this.version = record.getVersion();
    this.bundle = record.getBundle();
    this.origin = SourcePositions.of(record.getSource());
    this.time = time;
    this.recordId = Optional.ofNullable(record.getRecordId());
    this.embedding = FloatVectors.of(record.getEmbedding());
    this.reconstruction = FloatVectors.of(record.getReconstruction());
    this.reduced = FloatVectors.of(record.getReduced());
    this.contributions = Optional.ofNullable(record.getContributions()).map(FloatVectors::of);
    require(reconstruction.length == embedding.length, "reconstruction");
    require(
        contributions.isEmpty()
            || contributions.get().length == (long) embedding.length * reduced.length,
        "contributions");
    this.reduction = record.getReduction();
    this.top = TopFeatures.indices(reduced, TOP);
    this.method = record.getCertificate().getMethod();
    this.base = FloatVectors.of(record.getCertificate().getBase());
    require(base.length == 0 || base.length == embedding.length, "base");
    this.relativeError = record.getCertificate().getRelativeError();
    this.exact = record.getCertificate().getExact();
  }

  private static void require(boolean fits, String vector) {
    if (!fits) {
      throw new IllegalArgumentException(
          "the length of " + vector + " does not match the embedding");
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

  /** How contributions were made. */
  public String method() {
    return method;
  }

  /** What the contributions of each output start from, O values; none where that is 0. */
  public float[] base() {
    return base;
  }

  /** What contributions add up to, O values. */
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
    long floats = embedding.length + reconstruction.length + base.length + (long) reduced.length;
    return Float.BYTES * (floats + contributions.map(c -> c.length).orElse(0));
  }
}
