package io.attribution.stream.topology;

import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.stream.models.Explainer;
import io.attribution.stream.pending.PendingRows;
import io.attribution.stream.serde.FeatureRow;
import io.attribution.stream.topology.DrainedBatch.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The pending rows of one model, and their features as one matrix for the engine. */
final class ModelBatch {
  private static final int FIRST_ROWS = 64;

  private final Explainer explainer;
  private final List<Row> rows = new ArrayList<>();
  private FloatMatrix features;
  private long bytes;
  private OptionalLong oldestMillis = OptionalLong.empty();
  private long lastMillis;

  ModelBatch(Explainer explainer) {
    this.explainer = explainer;
    this.features = matrix(Math.min(FIRST_ROWS, explainer.policy().maxRecords()));
  }

  private FloatMatrix matrix(int rows) {
    return FloatMatrix.allocateDirect(rows, explainer.model().features());
  }

  /** A pending row with its decoded recordId. */
  record Row(PendingRows.Slotted pending, Optional<String> recordId) {}

  /**
   * @param nowMillis absent when unknown: the row's wait then starts at the next tick
   */
  void add(PendingRows.Slotted pending, FeatureRow row, OptionalLong nowMillis) {
    if (rows.isEmpty()) {
      oldestMillis = nowMillis;
    }
    if (rows.size() == features.rows()) {
      grow();
    }
    row.copyTo(features, rows.size());
    rows.add(new Row(pending, row.recordId()));
    bytes += pending.record().bytes();
  }

  /** Doubles the matrix: a task whose batches never fill does not pay for the largest one. */
  private void grow() {
    FloatMatrix larger = matrix(Math.min(2 * features.rows(), explainer.policy().maxRecords()));
    larger.bytes(0, features.rows()).put(features.bytes(0, features.rows()));
    features = larger;
  }

  boolean isFull() {
    return explainer.policy().isFull(rows.size(), bytes);
  }

  /** Whether it should be drained at this tick. */
  boolean isDue(long nowMillis) {
    if (oldestMillis.isEmpty()) {
      oldestMillis = OptionalLong.of(nowMillis);
    }
    long waited = nowMillis - oldestMillis.getAsLong();
    return explainer.policy().isDue(rows.size(), waited, lastMillis);
  }

  /** Why it is drained; valid at the time of the drain. */
  Trigger trigger() {
    if (rows.size() >= explainer.policy().maxRecords()) {
      return Trigger.FULL;
    }
    return isFull() ? Trigger.BYTES : Trigger.LINGER;
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

  /**
   * Removes all rows.
   *
   * @param tookMillis how long it took to explain and forward these rows
   */
  void clear(long tookMillis) {
    lastMillis = tookMillis;
    rows.clear();
    bytes = 0;
  }
}
