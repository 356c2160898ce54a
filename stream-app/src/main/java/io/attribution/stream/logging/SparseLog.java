package io.attribution.stream.logging;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Says what may happen with every record or request at most once per pause, and how often it was
 * left out. Safe for use by several threads.
 */
public final class SparseLog {
  /** What nobody needs to read more often. */
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final Consumer<String> log;
  private final long pauseNanos;
  private final LongSupplier nanoClock;
  private boolean spoke;
  private long last;
  private long leftOut;

  SparseLog(Consumer<String> log, Duration pause, LongSupplier nanoClock) {
    this.log = log;
    this.pauseNanos = pause.toNanos();
    this.nanoClock = nanoClock;
  }

  /**
   * A log that speaks once a minute.
   *
   * @param log where lines go, such as {@code LOG::warn}
   */
  public static SparseLog onceAMinute(Consumer<String> log) {
    return new SparseLog(log, PAUSE, System::nanoTime);
  }

  /** Logs the line, or counts it. */
  public synchronized void say(String line) {
    long now = nanoClock.getAsLong();
    if (spoke && now - last < pauseNanos) {
      leftOut++;
      return;
    }
    log.accept(leftOut == 0 ? line : line + " (and " + leftOut + " like it since the last line)");
    spoke = true;
    last = now;
    leftOut = 0;
  }
}
