package io.attribution.stream.serde;

import io.attribution.engine.matrix.FloatMatrix;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A decoded FeatureRecord. The features stay where they stand in the record's value, which must not
 * change while they are used.
 */
public final class FeatureRow {
  private final EncodedFloats features;
  private final Optional<String> model;
  private final Optional<String> recordId;

  FeatureRow(EncodedFloats features, Optional<String> model, Optional<String> recordId) {
    this.features = features;
    this.model = model;
    this.recordId = recordId;
  }

  /** D: how many features the record has. */
  public int length() {
    return features.length();
  }

  /**
   * One of x's D values.
   *
   * @param index at least 0, less than {@link #length}
   */
  public float feature(int index) {
    return features.get(index);
  }

  /** The first feature that is NaN or infinite; empty when all are finite. */
  public OptionalInt firstNotFinite() {
    return features.firstNotFinite();
  }

  /**
   * Copies x to a row of a batch: the only copy between the record and the engine.
   *
   * @throws IllegalArgumentException when the matrix has another number of columns than this has
   *     features
   */
  public void copyTo(FloatMatrix matrix, int row) {
    features.copyTo(matrix, row);
  }

  public Optional<String> model() {
    return model;
  }

  public Optional<String> recordId() {
    return recordId;
  }
}
