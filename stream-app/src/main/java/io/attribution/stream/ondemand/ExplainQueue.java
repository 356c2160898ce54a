package io.attribution.stream.ondemand;

import io.attribution.engine.attribution.Attributed;
import io.attribution.engine.attribution.Outcome;
import io.attribution.engine.attribution.Rejected;
import io.attribution.stream.logging.SparseLog;
import io.attribution.stream.models.Explainer;
import io.attribution.stream.pending.BatchPolicy;
import io.attribution.stream.serde.ModelIdentity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Explains rows on demand: a bounded queue and one worker that batches the rows of several callers,
 * by the stream's own policy. Thread-safe.
 *
 * <p>Invariant: an accepted row gets an outcome, or its request fails; {@code waiting} counts the
 * accepted rows that are not computed yet.
 */
public final class ExplainQueue implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ExplainQueue.class);
  private static final long CLOSE_MILLIS = 10_000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final int capacity;
  private final BatchPolicy policy;
  private final LongSupplier nanoClock;
  private final Thread worker = new Thread(this::work, "explain-on-demand");
  private final Map<Explainer, WaitingRows> models = new LinkedHashMap<>();
  private final SparseLog failures = SparseLog.onceAMinute(LOG::warn);
  private int waiting;
  private boolean closed;

  /**
   * @param capacity the most rows that wait or are being computed
   * @param policy when a batch is computed; models may allow fewer rows
   */
  public ExplainQueue(int capacity, BatchPolicy policy, LongSupplier nanoClock) {
    this.capacity = capacity;
    this.policy = policy;
    this.nanoClock = nanoClock;
    worker.setDaemon(true);
    worker.start();
  }

  /**
   * Queues rows.
   *
   * @param explainer computes contributions and reduced ones
   * @param rows each of as many finite values as the model has features; not copied
   * @return one outcome per row, in order; fails with a {@link StoppedException}, or with what the
   *     engine threw
   * @throws QueueFullException when the rows do not fit
   * @throws StoppedException when the queue is closed
   */
  public synchronized CompletableFuture<List<RowOutcome>> submit(
      Explainer explainer, List<float[]> rows) {
    if (closed) {
      throw new StoppedException();
    }
    if (rows.size() > capacity - waiting) {
      throw new QueueFullException(rows.size(), waiting, capacity);
    }
    if (rows.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    ExplainRequest request = new ExplainRequest(rows, nanoClock.getAsLong());
    models.computeIfAbsent(explainer, e -> new WaitingRows(e, policy)).add(request);
    waiting += rows.size();
    notifyAll();
    return request.answer();
  }

  /** Rows that wait or are being computed. */
  public synchronized int waitingRows() {
    return waiting;
  }

  private void work() {
    try {
      for (WaitingRows.Batch batch = next(); batch != null; batch = next()) {
        Runnable answer = compute(batch);
        // First: a caller may send its next request as soon as it has the answer.
        release(batch.rows());
        answer.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until a batch is due; null when the queue is closed. */
  private synchronized WaitingRows.@Nullable Batch next() throws InterruptedException {
    while (!closed) {
      long soonest = Long.MAX_VALUE;
      for (WaitingRows model : models.values()) {
        long due = model.dueInNanos(nanoClock.getAsLong());
        if (due <= 0) {
          return takeFrom(model);
        }
        soonest = Math.min(soonest, due);
      }
      if (soonest == Long.MAX_VALUE) {
        wait();
      } else {
        // Rounded up: waking early would only mean waiting again.
        wait(soonest / NANOS_PER_MILLI + 1);
      }
    }
    return null;
  }

  /** Moves the model to the end of the queue, so that a busy one does not starve the others. */
  private WaitingRows.Batch takeFrom(WaitingRows model) {
    WaitingRows.Batch batch = model.take();
    models.remove(batch.explainer());
    if (!model.isEmpty()) {
      models.put(batch.explainer(), model);
    }
    return batch;
  }

  /** Completes the callers' futures. */
  private Runnable compute(WaitingRows.Batch batch) {
    try {
      List<RowOutcome> outcomes = copies(batch);
      return () -> answer(batch, outcomes);
    } catch (RuntimeException | Error e) {
      // Any throwable: callers are waiting, and the worker must go on.
      failures.say("rows could not be explained on demand: " + e);
      return () -> batch.parts().forEach(part -> part.request().fail(e));
    }
  }

  /** Copies: the engine's results are valid until this thread explains again. */
  private static List<RowOutcome> copies(WaitingRows.Batch batch) {
    ModelIdentity model = batch.explainer().model();
    List<RowOutcome> copies = new ArrayList<>();
    List<Outcome> outcomes = batch.explainer().explain(batch.features());
    if (outcomes.size() != batch.rows()) {
      throw new IllegalStateException(
          outcomes.size() + " outcomes of " + batch.rows() + " rows; one for each was promised");
    }
    for (Outcome outcome : outcomes) {
      copies.add(
          outcome instanceof Attributed attributed
              ? Explanation.copyOf(model, attributed)
              : new RowOutcome.Refused((Rejected) outcome));
    }
    return copies;
  }

  private static void answer(WaitingRows.Batch batch, List<RowOutcome> outcomes) {
    int row = 0;
    for (WaitingRows.Part part : batch.parts()) {
      for (int i = 0; i < part.rows().size(); i++) {
        part.request().add(outcomes.get(row++));
      }
    }
  }

  private synchronized void release(int rows) {
    waiting -= rows;
  }

  /** Stops after the current batch; the futures of waiting callers fail. */
  @Override
  public void close() {
    // Completed outside the lock: callbacks run arbitrary code.
    stop().forEach(request -> request.fail(new StoppedException()));
    try {
      worker.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Whether the worker has stopped; only after {@link #close}. Until then the models must stay
   * open.
   */
  public boolean isIdle() {
    return !worker.isAlive();
  }

  private synchronized List<ExplainRequest> stop() {
    closed = true;
    List<ExplainRequest> left =
        models.values().stream().flatMap(model -> model.requests().stream()).toList();
    models.clear();
    notifyAll();
    return left;
  }
}
