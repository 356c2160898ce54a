package io.attribution.drift;

import java.time.Duration;
import java.time.InstantSource;

/**
 * How far event time may run ahead of the clock. What is beyond counts as now: else a single record
 * of a producer with a wrong clock would make windows of time wait, and keep an alert open, until
 * that time has come. Event times of the past are what they are.
 *
 * @param clock what time it is
 * @param slack by how much clocks may differ
 */
public record EventTimeLimit(InstantSource clock, Duration slack) {
  /** Clocks that are kept in time differ by less. */
  private static final Duration USUAL_SLACK = Duration.ofMinutes(1);

  /** With the slack that the documentation names. */
  public static EventTimeLimit of(InstantSource clock) {
    return new EventTimeLimit(clock, USUAL_SLACK);
  }

  /**
   * @param millis an event time, in milliseconds since the epoch
   * @return the same, or the present
   */
  public long of(long millis) {
    long now = clock.millis();
    return millis - slack.toMillis() > now ? now : millis;
  }
}
