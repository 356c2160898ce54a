package io.attribution.stream.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.attribution.stream.json.Json;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Responds when a result is computed; no thread waits for it.
 *
 * @param writing writes the documents, so that the thread that computes goes on
 * @param timeout how long a client waits; after that, status 503
 */
record AsyncResponses(Executor writing, Duration timeout) {

  /**
   * To be called in a supplier for {@link Context#future}.
   *
   * @param document of the result
   * @return done when the context has the document
   */
  <T> CompletableFuture<Void> respond(
      Context context, CompletableFuture<T> result, Function<T, JsonNode> document) {
    // A copy: the timeout of this client must not end a computation that serves others too.
    return result
        .copy()
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .thenApplyAsync(value -> Json.bytes(document.apply(value)), writing)
        .thenAccept(bytes -> Responses.json(context, bytes));
  }
}
