package io.attribution.engine.admission;

import io.attribution.engine.attribution.Attributed;
import io.attribution.engine.attribution.Attributor;
import io.attribution.engine.attribution.ExplainedRow;
import io.attribution.engine.attribution.Outcome;
import io.attribution.engine.attribution.Rejected;
import io.attribution.engine.attribution.ResultMemory;
import io.attribution.engine.attribution.ResultSelection;
import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.bundle.Tensor;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.reduction.Reduction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Explains the training rows that a bundle carries, in batches and by what explains the rows of the
 * stream: the same engine, the same reduction.
 */
final class ReferenceRows {
  private static final int BATCH_ROWS = 256;

  private final AdmittedModel model;
  private final Tensor reference;
  private final List<ExplainedRow> explained = new ArrayList<>();

  private ReferenceRows(AdmittedModel model, Tensor reference) {
    this.model = model;
    this.reference = reference;
  }

  /**
   * The reference's rows with their contributions; none when the bundle has no reference.
   *
   * @throws BundleException when a row cannot be explained; says which and why
   */
  static List<ExplainedRow> explain(AdmittedModel model, Reduction reduction) {
    Optional<Tensor> reference = model.bundle().reference();
    return reference.isPresent()
        ? new ReferenceRows(model, reference.get()).explain(reduction)
        : List.of();
  }

  private List<ExplainedRow> explain(Reduction reduction) {
    try (Attributor attributor = model.attributor(ResultSelection.reduced(reduction))) {
      ResultMemory memory = attributor.newMemory();
      int rows = reference.size(0);
      int size = Math.min(BATCH_ROWS, attributor.maxRows());
      for (int from = 0; from < rows; from += size) {
        FloatMatrix batch = batch(from, Math.min(from + size, rows));
        add(attributor.explain(batch, memory));
      }
    }
    return explained;
  }

  private FloatMatrix batch(int from, int to) {
    FloatMatrix batch = FloatMatrix.allocateDirect(to - from, reference.size(1));
    for (int row = from; row < to; row++) {
      batch.setRow(row - from, reference.row(row));
    }
    return batch;
  }

  private void add(List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      int row = explained.size();
      if (outcome instanceof Rejected rejected) {
        throw refuse(row, rejected);
      }
      explained.add(new ExplainedRow(reference.row(row), ((Attributed) outcome).reduced()));
    }
  }

  private BundleException refuse(int row, Rejected rejected) {
    return new BundleException(
        model.bundle().directory()
            + ": model.json: reference: row "
            + row
            + " cannot be explained ("
            + rejected.detail()
            + "); export the reference without it");
  }
}
