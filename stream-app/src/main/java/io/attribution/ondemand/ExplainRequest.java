package io.attribution.ondemand;

import io.attribution.batch.FloatMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Rows that one caller waits for. Used by the worker's thread only, once it is queued. */
final class ExplainRequest {
  private final List<float[]> rows;
  private final List<RowOutcome> outcomes;
  private final CompletableFuture<List<RowOutcome>> answer = new CompletableFuture<>();
  private final long arrivedNanos;
  private int taken;

  ExplainRequest(List<float[]> rows, long arrivedNanos) {
    this.rows = rows;
    this.outcomes = new ArrayList<>(rows.size());
    this.arrivedNanos = arrivedNanos;
  }

  CompletableFuture<List<RowOutcome>> answer() {
    return answer;
  }

  long arrivedNanos() {
    return arrivedNanos;
  }

  /** Rows that no batch has taken yet. */
  int waiting() {
    return rows.size() - taken;
  }

  /**
   * Copies waiting rows into a batch.
   *
   * @param from the first free row of the batch
   * @return how many were copied
   */
  int take(FloatMatrix batch, int from) {
    int count = Math.min(waiting(), batch.rows() - from);
    for (int i = 0; i < count; i++) {
      batch.setRow(from + i, rows.get(taken + i));
    }
    taken += count;
    return count;
  }

  /** Answers the caller with the last of the rows. */
  void add(RowOutcome outcome) {
    outcomes.add(outcome);
    if (outcomes.size() == rows.size()) {
      answer.complete(outcomes);
    }
  }

  void fail(Throwable failure) {
    answer.completeExceptionally(failure);
  }
}
