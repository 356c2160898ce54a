package io.attribution.stream.browser;

import java.time.Duration;
import org.openqa.selenium.StaleElementReferenceException;

/** A page is never finished: what it shows is asked until it is right, or timeout is over. */
final class Eventually {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final long PAUSE_MILLIS = 100;

  private Eventually() {}

  /**
   * @throws AssertionError the last one
   */
  static void eventually(Runnable assertion) {
    for (long end = System.nanoTime() + TIMEOUT.toNanos(); ; pause()) {
      try {
        assertion.run();
        return;
      } catch (AssertionError | StaleElementReferenceException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
