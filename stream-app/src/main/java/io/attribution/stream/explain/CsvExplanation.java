package io.attribution.stream.explain;

import io.attribution.engine.admission.AdmittedModel;
import io.attribution.engine.attribution.Attributed;
import io.attribution.engine.attribution.Attributor;
import io.attribution.engine.attribution.Outcome;
import io.attribution.engine.attribution.Rejected;
import io.attribution.engine.attribution.ResultMemory;
import io.attribution.engine.attribution.ResultSelection;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.verification.VerificationSummary;
import io.attribution.stream.csv.FeatureCsv;
import io.attribution.stream.csv.InputException;
import java.io.IOException;
import java.util.List;

/**
 * Explains the rows of a file with the same code as the stream, batch by batch, in constant memory.
 * Not for use by several threads.
 */
public final class CsvExplanation implements AutoCloseable {
  /** Larger batches take memory and gain nothing. */
  private static final int MAX_BATCH = 1 << 16;

  private final Attributor attributor;
  private final ResultMemory memory;
  private final FloatMatrix batch;
  private final long[] lines;

  /**
   * @param model stays the caller's to close
   * @param batchSize rows per batch, at least 1; fewer for wide models
   */
  public CsvExplanation(AdmittedModel model, Reduction reduction, int batchSize) {
    this.attributor = model.attributor(ResultSelection.all(reduction));
    this.memory = attributor.newMemory();
    int rows = Math.min(Math.min(batchSize, MAX_BATCH), attributor.maxRows());
    this.batch = FloatMatrix.allocateDirect(rows, model.bundle().featureCount());
    this.lines = new long[rows];
  }

  /**
   * @return the verification of all rows
   * @throws InputException when a row cannot be read or explained; names its line
   * @throws IOException when an explanation cannot be written
   */
  VerificationSummary explain(FeatureCsv input, ExplanationWriter output) throws IOException {
    VerificationSummary summary = VerificationSummary.EMPTY;
    for (int rows = fill(input); rows > 0; rows = fill(input)) {
      List<Outcome> outcomes = attributor.explain(batch.slice(0, rows), memory);
      for (int row = 0; row < rows; row++) {
        Attributed attributed = require(outcomes.get(row), input, lines[row]);
        output.write(attributed);
        summary = summary.merge(attributed.verification());
      }
    }
    return summary;
  }

  private int fill(FeatureCsv input) {
    float[] features = new float[batch.columns()];
    int rows = 0;
    while (rows < batch.rows() && input.next(features)) {
      batch.setRow(rows, features);
      lines[rows] = input.line();
      rows++;
    }
    return rows;
  }

  private static Attributed require(Outcome outcome, FeatureCsv input, long line) {
    if (outcome instanceof Rejected rejected) {
      throw input.error(line, "the model cannot explain this row: " + rejected.detail());
    }
    return (Attributed) outcome;
  }

  @Override
  public void close() {
    attributor.close();
  }
}
