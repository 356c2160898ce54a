package io.attribution.stream.logging;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Limits the rate of log lines that could come with every record or request: one per interval, with
 * the number of lines suppressed since. Safe for use by several threads.
 */
public final class SparseLog {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Consumer<String> log;
  private final long intervalNanos;
  private final LongSupplier nanoClock;
  private boolean logged;
  private long last;
  private long suppressed;

  SparseLog(Consumer<String> log, Duration interval, LongSupplier nanoClock) {
    this.log = log;
    this.intervalNanos = interval.toNanos();
    this.nanoClock = nanoClock;
  }

  /**
   * A log with at most one line a minute.
   *
   * @param log where lines go, such as {@code LOG::warn}
   */
  public static SparseLog onceAMinute(Consumer<String> log) {
    return new SparseLog(log, MINUTE, System::nanoTime);
  }

  /** Logs the line, or counts it as suppressed. */
  public synchronized void say(String line) {
    long now = nanoClock.getAsLong();
    if (logged && now - last < intervalNanos) {
      suppressed++;
      return;
    }
    log.accept(
        suppressed == 0 ? line : line + " (and " + suppressed + " like it since the last line)");
    logged = true;
    last = now;
    suppressed = 0;
  }
}
