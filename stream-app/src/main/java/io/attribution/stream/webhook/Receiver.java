package io.attribution.stream.webhook;

import java.util.concurrent.CompletableFuture;

/** The endpoint that alerts are posted to. */
@FunctionalInterface
interface Receiver {
  /**
   * Posts an event; returns at once. Cancelling the future cancels the request.
   *
   * @param event CloudEvents JSON
   * @return the reply; completes exceptionally only when it is cancelled
   */
  CompletableFuture<Reply> post(byte[] event);
}
