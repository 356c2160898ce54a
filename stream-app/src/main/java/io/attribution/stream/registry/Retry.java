package io.attribution.stream.registry;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Retries a call with exponential backoff until a timeout. */
final class Retry {
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(1);

  private final Duration timeout;

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
    long deadline = System.nanoTime() + timeout.toNanos();
    Duration backoff = FIRST_BACKOFF;
    while (true) {
      try {
        return call.run();
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
}
