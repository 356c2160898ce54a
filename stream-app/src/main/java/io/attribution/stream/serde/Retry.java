package io.attribution.stream.serde;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Tries a call again, at growing intervals, for as long as timeout lasts. */
final class Retry {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final Duration timeout;

  Retry(Duration timeout) {
    this.timeout = timeout;
  }

  /** One call to the registry. */
  @FunctionalInterface
  interface Call<T> {
    T run() throws IOException, RestClientException;
  }

  <T> T run(Call<T> call, Predicate<Exception> passing, Consumer<Exception> onRetry)
      throws IOException, RestClientException {
    long deadline = System.nanoTime() + timeout.toNanos();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return call.run();
      } catch (IOException | RestClientException e) {
        if (!passing.test(e) || System.nanoTime() + pause.toNanos() > deadline || !sleep(pause)) {
          throw e;
        }
        onRetry.accept(e);
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                ? pause.multipliedBy(2)
                : LONGEST_PAUSE;
      }
    }
  }

  /** False when the thread was asked to stop. */
  private static boolean sleep(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
