package io.attribution.topology;

import io.attribution.batch.FloatMatrix;
import io.attribution.serde.FeatureRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The pending rows of one model, side by side as the engine wants them. */
final class ModelBatch {
  private final Explainer explainer;
  private final FloatMatrix features;
  private final List<Row> rows = new ArrayList<>();
  private long bytes;
  private long oldestMillis;

  ModelBatch(Explainer explainer) {
    this.explainer = explainer;
    this.features =
        FloatMatrix.allocateDirect(explainer.policy().maxRecords(), explainer.model().features());
  }

  /** A pending row with what was decoded of it. */
  record Row(PendingRows.Slotted pending, Optional<String> recordId) {}

  void add(PendingRows.Slotted pending, FeatureRow row, long nowMillis) {
    if (rows.isEmpty()) {
      oldestMillis = nowMillis;
    }
    features.setRow(rows.size(), row.features());
    rows.add(new Row(pending, row.recordId()));
    bytes += pending.record().valueBytes();
  }

  boolean isFull() {
    return explainer.policy().isFull(rows.size(), bytes);
  }

  boolean isDue(long nowMillis) {
    return explainer.policy().isDue(rows.size(), nowMillis - oldestMillis);
  }

  Explainer explainer() {
    return explainer;
  }

  List<Row> rows() {
    return rows;
  }

  /** (n, D): the rows so far. */
  FloatMatrix features() {
    return features.slice(0, rows.size());
  }

  void clear() {
    rows.clear();
    bytes = 0;
  }
}
