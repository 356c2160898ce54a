package io.attribution.stream.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Responds when a result is computed; no thread waits for it.
 *
 * @param writing writes the responses, so that the thread that computes goes on
 * @param timeout how long a client waits; after that, status 503
 */
record AsyncResponses(Executor writing, Duration timeout) {

  /**
   * @param document of the result
   */
  <T> void respond(Context context, CompletableFuture<T> result, Function<T, JsonNode> document) {
    // A copy: the timeout of this client must not end a computation that serves others too.
    CompletableFuture<T> bounded =
        result.copy().orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    context.future(
        () ->
            bounded.thenAcceptAsync(
                value -> Responses.json(context, document.apply(value)), writing));
  }
}
