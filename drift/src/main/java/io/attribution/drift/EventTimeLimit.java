package io.attribution.drift;

import java.time.Duration;
import java.time.InstantSource;

/**
 * Limits how far event time may run ahead of the clock. A later event time counts as now: otherwise
 * a single record of a producer with a wrong clock would hold up windows, and keep an alert open,
 * until that time. Event times of the past are not changed.
 *
 * @param slack by how much clocks may differ
 */
public record EventTimeLimit(InstantSource clock, Duration slack) {
  /** Synchronised clocks differ by less. */
  private static final Duration USUAL_SLACK = Duration.ofMinutes(1);

  /** With the documented slack of a minute. */
  public static EventTimeLimit of(InstantSource clock) {
    return new EventTimeLimit(clock, USUAL_SLACK);
  }

  /**
   * @param millis an event time, in milliseconds since the epoch
   * @return the same; the present where it is too far ahead
   */
  public long of(long millis) {
    long now = clock.millis();
    return millis - slack.toMillis() > now ? now : millis;
  }
}
