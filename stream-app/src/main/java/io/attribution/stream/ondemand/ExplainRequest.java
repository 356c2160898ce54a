package io.attribution.stream.ondemand;

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

  /** Takes waiting rows, as many as there are but not more than so many. */
  List<float[]> take(int most) {
    int from = taken;
    taken += Math.min(waiting(), most);
    return rows.subList(from, taken);
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
