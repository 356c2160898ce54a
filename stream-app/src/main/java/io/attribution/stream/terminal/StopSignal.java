package io.attribution.stream.terminal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A request to stop: Ctrl-C, a termination signal, or a fault elsewhere in the process. While it is
 * open, a signal does not end the process until the work has cleaned up and closed it, or the
 * timeout has passed.
 */
public final class StopSignal implements AutoCloseable {
  private static final long GRACE_MILLIS = 1000;

  private final CountDownLatch raised = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook;

  private StopSignal(Duration timeout, Runnable onDelay) {
    this.hook = new Thread(() -> finish(timeout, onDelay), "stop-signal");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * For work that checks the signal often.
   *
   * @param timeout how long the process waits for the work to end after a signal
   */
  public static StopSignal open(Duration timeout) {
    return new StopSignal(timeout, () -> {});
  }

  /** For work in calls that may block: the thread is interrupted after a second. */
  public static StopSignal interrupting(Duration timeout) {
    return new StopSignal(timeout, Thread.currentThread()::interrupt);
  }

  private void finish(Duration timeout, Runnable onDelay) {
    raise();
    try {
      if (!finished.await(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
        onDelay.run();
        boolean unused = finished.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public void raise() {
    raised.countDown();
  }

  public boolean isRaised() {
    return raised.getCount() == 0;
  }

  /**
   * Sleeps until the time has passed or the signal is raised; an interrupt raises it.
   *
   * @return whether the signal is raised
   */
  public boolean await(Duration sleep) {
    try {
      return raised.await(sleep.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      raise();
      return true;
    }
  }

  /** The work is done: a process that was signalled may end. */
  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already: the hook runs, and was released above.
    }
  }
}
