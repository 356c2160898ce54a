package io.attribution.ondemand;

import io.attribution.batch.BatchPolicy;
import io.attribution.batch.FloatMatrix;
import io.attribution.topology.Explainer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** Requests for one model, in the order they came. Not thread-safe. */
final class WaitingRows {
  private final Explainer explainer;
  private final BatchPolicy policy;
  private final Queue<ExplainRequest> requests = new ArrayDeque<>();
  private int rows;

  WaitingRows(Explainer explainer, BatchPolicy policy) {
    this.explainer = explainer;
    this.policy = policy.limitedTo(explainer.policy().maxRecords());
  }

  /** Rows of one caller that are part of a batch. */
  record Part(ExplainRequest request, int rows) {}

  /**
   * What is computed together.
   *
   * @param features (n, D)
   * @param parts in the order of the rows
   */
  record Batch(Explainer explainer, FloatMatrix features, List<Part> parts) {}

  void add(ExplainRequest request) {
    requests.add(request);
    rows += request.waiting();
  }

  boolean isEmpty() {
    return requests.isEmpty();
  }

  /** How long until a batch is due, in nanoseconds; 0 or less when it is. */
  long dueInNanos(long now) {
    ExplainRequest oldest = requests.peek();
    if (oldest == null) {
      return Long.MAX_VALUE;
    }
    // A row's bytes are as many as its features': the rule for bytes needs no count of its own.
    return policy.isFull(rows, (long) rows * Float.BYTES * explainer.model().features())
        ? 0
        : policy.linger().toNanos() - (now - oldest.arrivedNanos());
  }

  /** As many rows as a batch may have, oldest first; a request may be cut in two. */
  Batch take() {
    FloatMatrix features =
        FloatMatrix.allocateDirect(
            Math.min(rows, policy.maxRecords()), explainer.model().features());
    List<Part> parts = new ArrayList<>();
    int filled = 0;
    while (filled < features.rows()) {
      ExplainRequest request = requests.element();
      int count = request.take(features, filled);
      parts.add(new Part(request, count));
      filled += count;
      if (request.waiting() == 0) {
        requests.remove();
      }
    }
    rows -= filled;
    return new Batch(explainer, features, parts);
  }

  /** The requests that have rows waiting. */
  List<ExplainRequest> requests() {
    return List.copyOf(requests);
  }
}
