package io.attribution.stream.produce;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A steady rate: records are due at equal intervals. A sender that is up to 250 ms late catches up;
 * after a longer pause the schedule restarts, so that no burst follows.
 */
public final class Pace {
  private static final long MAX_BEHIND_NANOS = Duration.ofMillis(250).toNanos();
  private static final double NANOS_PER_SECOND = 1e9;

  private final double interval;
  private final LongSupplier nanoClock;
  private double due;
  private boolean started;

  private Pace(double interval, LongSupplier nanoClock) {
    this.interval = interval;
    this.nanoClock = nanoClock;
  }

  /**
   * @param rate records per second, more than 0; infinity never waits
   */
  public static Pace of(double rate, LongSupplier nanoClock) {
    if (!(rate > 0)) {
      throw new IllegalArgumentException("rate must be more than 0, but is " + rate);
    }
    return new Pace(NANOS_PER_SECOND / rate, nanoClock);
  }

  /** How long to wait before the next record, which takes its place in the schedule now. */
  public Duration untilNext() {
    long now = nanoClock.getAsLong();
    due = started ? Math.max(due + interval, (double) now - MAX_BEHIND_NANOS) : now;
    started = true;
    return Duration.ofNanos(Math.max(0, Math.round(due - now)));
  }
}
