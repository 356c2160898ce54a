package io.attribution.stream.ondemand;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The rows of one caller. Once queued, used by the worker's thread only. */
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

  /** The number of rows not yet in a batch. */
  int waiting() {
    return rows.size() - taken;
  }

  /** Takes up to {@code most} waiting rows. */
  List<float[]> take(int most) {
    int from = taken;
    taken += Math.min(waiting(), most);
    return rows.subList(from, taken);
  }

  /** Completes the request when the last row has its outcome. */
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
