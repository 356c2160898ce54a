package io.attribution.stream.http;

import io.javalin.http.Context;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Answers when something is computed, and holds no thread until then.
 *
 * @param writing writes answers: the thread that computes has better things to do
 * @param timeout how long somebody waits; longer means status 503
 */
record Answering(Executor writing, Duration timeout) {

  /**
   * @param later what is answered
   * @param json its form
   */
  <T> void with(Context context, CompletableFuture<T> later, Function<T, JsonBody> json) {
    // A copy: giving up is the caller's affair, not that of who computes.
    CompletableFuture<T> patient =
        later.copy().orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    context.future(
        () ->
            patient.thenAcceptAsync(value -> Responses.json(context, json.apply(value)), writing));
  }
}
