package io.attribution.cluster.process;

import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** Waits for a condition whose check may fail while the cluster is disturbed. */
public final class Waiting {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private Waiting() {}

  /** A check; its exceptions mean: not yet. */
  @FunctionalInterface
  public interface Condition {
    boolean holds() throws ExecutionException, InterruptedException;
  }

  /**
   * @param what for the message
   * @throws IllegalStateException when it does not hold in time
   */
  public static void until(String what, Duration timeout, Condition condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    String reason = "";
    while (true) {
      try {
        if (condition.holds()) {
          return;
        }
        reason = "";
      } catch (ExecutionException e) {
        reason = "; last: " + e.getCause();
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("no " + what + " within " + timeout + reason);
      }
      Thread.sleep(PAUSE.toMillis());
    }
  }
}
