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
 * Explains rows for callers who wait: a bounded queue and one worker that computes what came from
 * several callers in one batch, by the stream's own policy. Safe for use by several threads.
 *
 * <p>Invariant: a row that was accepted gets an outcome, or its request a failure; {@code waiting}
 * counts the accepted rows that are not computed yet.
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
   * @param capacity rows that may wait or be computed at a time
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
        // First: who has an answer may ask again at once.
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
        // Rounded up: waking early would only mean to wait again.
        wait(soonest / NANOS_PER_MILLI + 1);
      }
    }
    return null;
  }

  /** The model goes to the end of the line, so that a busy one does not keep others waiting. */
  private WaitingRows.Batch takeFrom(WaitingRows model) {
    WaitingRows.Batch batch = model.take();
    models.remove(batch.explainer());
    if (!model.isEmpty()) {
      models.put(batch.explainer(), model);
    }
    return batch;
  }

  /** What tells the callers. */
  private Runnable compute(WaitingRows.Batch batch) {
    try {
      List<RowOutcome> outcomes = copies(batch);
      return () -> answer(batch, outcomes);
    } catch (RuntimeException | Error e) {
      // Whatever it is, somebody waits, and others will come.
      failures.say("rows could not be explained on demand: " + e);
      return () -> batch.parts().forEach(part -> part.request().fail(e));
    }
  }

  /** The engine's results are good until this thread explains again. */
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

  /** Ends after the batch that is being computed; callers who still wait are told so. */
  @Override
  public void close() {
    // Answered without the lock: what callers do then is not ours.
    stop().forEach(request -> request.fail(new StoppedException()));
    try {
      worker.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Whether nothing is computed any more; only after {@link #close}. While it is false the models'
   * memory must stay.
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
