package io.attribution.stream.webhook;

import java.util.concurrent.CompletableFuture;

/** Whoever alerts are posted to. */
@FunctionalInterface
interface Receiver {
  /**
   * Posts an event; returns at once. Cancelling the future gives the request up.
   *
   * @param event CloudEvents JSON
   * @return the reply; never exceptional but by being cancelled
   */
  CompletableFuture<Reply> post(byte[] event);
}
