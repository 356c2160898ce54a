package io.attribution.benchmarks.detectors;

import java.util.OptionalLong;

/** The alarms in one stream with a planted shift. */
final class Found {
  private static final long NEVER = -1;

  private long delay = NEVER;
  private long begun;
  private boolean early;

  /**
   * @param at place in the stream
   * @param since how many observations ago the change is judged to have begun
   */
  void alarm(int at, long since) {
    if (at < Simulation.BEFORE) {
      early = true;
    } else if (delay == NEVER) {
      delay = (long) at - Simulation.BEFORE;
      begun = delay - since;
    }
  }

  /** Observations after the first shifted one; empty when it was not found. */
  OptionalLong delay() {
    return delay == NEVER ? OptionalLong.empty() : OptionalLong.of(delay);
  }

  /** By how much the judged beginning is too late; negative when it is too early. */
  long begun() {
    return begun;
  }

  /** Whether there was an alarm before the shift. */
  boolean early() {
    return early;
  }
}
