package io.attribution.stream.http;

import io.attribution.stream.monitoring.Monitoring;
import io.attribution.stream.ondemand.QueueFullException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Counts requests for explanations by outcome. */
final class ExplainOutcomes {
  private final Runnable accepted;
  private final Runnable full;
  private final Runnable refused;
  private final Runnable failed;

  ExplainOutcomes(Monitoring monitoring) {
    this.accepted = monitoring.explainRequests("accepted");
    this.full = monitoring.explainRequests("queue_full");
    this.refused = monitoring.explainRequests("refused");
    this.failed = monitoring.explainRequests("failed");
  }

  /**
   * @param queued a request's rows; fails where they are not queued
   */
  <T> CompletableFuture<T> count(CompletableFuture<T> queued) {
    return queued.whenComplete((rows, failure) -> counter(failure).run());
  }

  /** Counts a request that fails before its body is read. */
  void count(Runnable check) {
    try {
      check.run();
    } catch (RuntimeException e) {
      counter(e).run();
      throw e;
    }
  }

  private Runnable counter(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause == null) {
      return accepted;
    }
    if (cause instanceof QueueFullException) {
      return full;
    }
    return cause instanceof HttpProblem ? refused : failed;
  }
}
