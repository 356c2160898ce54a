package io.attribution.stream.webhook;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When to try again: after 1 s, 2 s, 4 s and so on to a minute, each shortened by up to a half at
 * random, so that receivers that come back are not met by everybody at once. The last try is made
 * when the time is up.
 *
 * @param limit how long after the first try
 */
record RetrySchedule(Duration limit, Duration first, Duration longest) {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  static RetrySchedule of(Duration limit) {
    return new RetrySchedule(limit, FIRST, LONGEST);
  }

  /**
   * @param failures so far, at least 1
   * @param elapsed since the first try
   * @param asked how long the receiver wants to be left alone
   * @return how long to wait; nothing when it is time to give up
   */
  Optional<Duration> pause(
      int failures, Duration elapsed, Optional<Duration> asked, RandomGenerator random) {
    Duration left = limit.minus(elapsed);
    if (left.isNegative() || left.isZero()) {
      return Optional.empty();
    }
    Duration pause = backoff(failures, random);
    return Optional.of(shorter(left, asked.map(wanted -> longer(wanted, pause)).orElse(pause)));
  }

  private Duration backoff(int failures, RandomGenerator random) {
    double full = (double) first.toMillis() * Math.pow(2, Math.max(0, failures - 1));
    double bounded = Math.min((double) longest.toMillis(), full);
    return Duration.ofMillis(Math.round(bounded * (1 - random.nextDouble() / 2)));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
