package io.attribution.stream.registry;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Retries a call with exponential backoff until a timeout. The caller waits no longer, whatever the
 * registry does: a client's own timeouts do not cover the resolution of a name, several addresses,
 * or a response that arrives byte by byte.
 */
final class Retry {
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(1);

  /** Calls that may hang at the same time: more than stream threads and HTTP requests make. */
  private static final int MAX_CALLS = 64;

  private static final ThreadPoolExecutor CALLS =
      new ThreadPoolExecutor(
          0, MAX_CALLS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), Retry::daemon);

  private final Duration timeout;

  /**
   * @param timeout of a call with its retries; zero for one attempt, which the client's own
   *     timeouts end
   */
  Retry(Duration timeout) {
    this.timeout = timeout;
  }

  /** One call to the registry. */
  @FunctionalInterface
  interface Call<T> {
    T run() throws IOException, RestClientException;
  }

  <T> T run(Call<T> call, Predicate<Exception> isTransient, Consumer<Exception> onRetry)
      throws IOException, RestClientException {
    if (timeout.isZero()) {
      return call.run();
    }
    long deadline = System.nanoTime() + timeout.toNanos();
    Duration backoff = FIRST_BACKOFF;
    while (true) {
      try {
        return attempt(call, deadline);
      } catch (IOException | RestClientException e) {
        if (!isTransient.test(e)
            || System.nanoTime() + backoff.toNanos() > deadline
            || !sleep(backoff)) {
          throw e;
        }
        onRetry.accept(e);
        backoff = longer(backoff);
      }
    }
  }

  /** On a thread of its own, because no socket operation can be interrupted. */
  private <T> T attempt(Call<T> call, long deadline) throws IOException, RestClientException {
    Future<T> result = start(call);
    try {
      return result.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new SocketTimeoutException("no answer within " + timeout.toMillis() + " ms");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the answer");
    } catch (ExecutionException e) {
      throw rethrown(e.getCause() == null ? e : e.getCause());
    }
  }

  private static <T> Future<T> start(Call<T> call) throws IOException {
    try {
      return CALLS.submit(call::run);
    } catch (RejectedExecutionException e) {
      throw new IOException(MAX_CALLS + " earlier calls still wait for their answers", e);
    }
  }

  private static IOException rethrown(Throwable failure) throws RestClientException {
    if (failure instanceof RestClientException refused) {
      throw refused;
    }
    if (failure instanceof RuntimeException bug) {
      throw bug;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof IOException unreachable ? unreachable : new IOException(failure);
  }

  private static Duration longer(Duration backoff) {
    Duration doubled = backoff.multipliedBy(2);
    return doubled.compareTo(MAX_BACKOFF) < 0 ? doubled : MAX_BACKOFF;
  }

  /** False when the thread was interrupted. */
  private static boolean sleep(Duration backoff) {
    try {
      Thread.sleep(backoff.toMillis());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "registry-call");
    thread.setDaemon(true);
    return thread;
  }
}
