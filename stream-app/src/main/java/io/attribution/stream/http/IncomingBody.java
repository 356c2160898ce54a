package io.attribution.stream.http;

import io.javalin.http.Context;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;

/**
 * Receives the body of a request as it comes in. No thread waits for a client that sends slowly.
 *
 * @param <T> what the body becomes
 */
final class IncomingBody<T> implements ReadListener {
  private static final int REQUEST_TIMEOUT = 408;
  private static final int BUFFER_BYTES = 16 << 10;

  private final ServletInputStream input;
  private final Parser<T> parser;
  private final Pace pace;
  private final long began = System.nanoTime();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private long received;

  /**
   * How fast a body must come. Jetty's own minimum rate has no grace, and measures events too.
   *
   * @param grace during which any rate will do
   * @param bytesPerSecond after the grace, on average since its end
   * @param deadline for the whole body
   */
  record Pace(Duration grace, long bytesPerSecond, Duration deadline) {
    private boolean isTooSlow(long bytes, long nanos) {
      long counted = nanos - grace.toNanos();
      return bytes < bytesPerSecond * counted / TimeUnit.SECONDS.toNanos(1);
    }
  }

  /** Takes a body apart. */
  interface Parser<T> {
    /**
     * The next bytes; the array belongs to the caller.
     *
     * @throws HttpProblem when the body is not acceptable, whatever follows
     */
    void feed(byte[] bytes, int length) throws IOException;

    /** The whole body has come. */
    T end() throws IOException;
  }

  private IncomingBody(ServletInputStream input, Parser<T> parser, Pace pace) {
    this.input = input;
    this.parser = parser;
    this.pace = pace;
  }

  /**
   * To be called in a supplier for {@link Context#future}.
   *
   * @return fails with an {@link HttpProblem}, or with what the parser threw
   */
  static <T> CompletableFuture<T> receive(Context context, Parser<T> parser, Pace pace)
      throws IOException {
    IncomingBody<T> body = new IncomingBody<>(context.req().getInputStream(), parser, pace);
    body.input.setReadListener(body);
    return body.result
        .orTimeout(pace.deadline().toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedFuture(
                    failure instanceof TimeoutException ? tooSlow() : failure));
  }

  @Override
  public void onDataAvailable() throws IOException {
    while (!result.isDone() && input.isReady() && !input.isFinished()) {
      int count = input.read(buffer);
      if (count > 0) {
        feed(count);
      }
    }
    // More is to come. A body that is there is taken, whatever delayed it.
    if (!input.isFinished() && pace.isTooSlow(received, System.nanoTime() - began)) {
      fail(tooSlow());
    }
  }

  private void feed(int count) {
    received += count;
    try {
      parser.feed(buffer, count);
    } catch (RuntimeException | IOException e) {
      fail(e);
    }
  }

  @Override
  public void onAllDataRead() {
    try {
      result.complete(parser.end());
    } catch (RuntimeException | IOException e) {
      fail(e);
    }
  }

  /** A client that sends what is no HTTP, that is too slow, or that has gone. */
  @Override
  public void onError(Throwable failure) {
    fail(problem(failure));
  }

  private void fail(Throwable failure) {
    result.completeExceptionally(failure);
  }

  private static HttpProblem problem(Throwable failure) {
    HttpProblem problem = HttpProblem.badRequest("the body ends early");
    // The deepest says what was wrong; those around it say that nothing can follow.
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TimeoutException) {
        return tooSlow();
      }
      if (cause instanceof HttpException http) {
        problem = malformed(http.getReason());
      }
    }
    return problem;
  }

  private static HttpProblem malformed(String reason) {
    return HttpProblem.badRequest("the body cannot be read: " + reason);
  }

  private static HttpProblem tooSlow() {
    return new HttpProblem(REQUEST_TIMEOUT, "the body comes too slowly; send it faster, or less");
  }
}
