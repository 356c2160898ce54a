package io.attribution.serde;

import java.util.Optional;

/** A decoded FeatureRecord. The features are not copied. */
public final class FeatureRow {
  private final float[] features;
  private final Optional<String> model;
  private final Optional<String> recordId;

  FeatureRow(float[] features, Optional<String> model, Optional<String> recordId) {
    this.features = features;
    this.model = model;
    this.recordId = recordId;
  }

  /** x, D values. */
  public float[] features() {
    return features;
  }

  public Optional<String> model() {
    return model;
  }

  public Optional<String> recordId() {
    return recordId;
  }
}
