package io.attribution.stream.ondemand;

import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.stream.models.Explainer;
import io.attribution.stream.pending.BatchPolicy;
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

  /** The rows of one caller in a batch, D values each. */
  record Part(ExplainRequest request, List<float[]> rows) {}

  /**
   * Rows that are computed together.
   *
   * @param rows n, of all parts
   * @param parts in the order of the rows
   */
  record Batch(Explainer explainer, int rows, List<Part> parts) {
    /** (n, D); a copy. */
    FloatMatrix features() {
      FloatMatrix features = FloatMatrix.allocateDirect(rows, explainer.model().features());
      int row = 0;
      for (Part part : parts) {
        for (float[] values : part.rows()) {
          features.setRow(row++, values);
        }
      }
      return features;
    }
  }

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
    // Rows have equal sizes here, so the limit in bytes needs no count of its own.
    return policy.isFull(rows, (long) rows * Float.BYTES * explainer.model().features())
        ? 0
        : policy.linger().toNanos() - (now - oldest.arrivedNanos());
  }

  /** Takes a batch of the oldest rows; a request may be split. */
  Batch take() {
    int wanted = Math.min(rows, policy.maxRecords());
    List<Part> parts = new ArrayList<>();
    int filled = 0;
    while (filled < wanted) {
      ExplainRequest request = requests.element();
      Part part = new Part(request, request.take(wanted - filled));
      parts.add(part);
      filled += part.rows().size();
      if (request.waiting() == 0) {
        requests.remove();
      }
    }
    rows -= filled;
    return new Batch(explainer, filled, parts);
  }

  /** The requests with waiting rows. */
  List<ExplainRequest> requests() {
    return List.copyOf(requests);
  }
}
