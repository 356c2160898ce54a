package io.attribution.stream.webhook;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Exponential backoff with jitter: 1 s, 2 s, 4 s and so on up to a minute, each shortened by up to
 * half at random, so that not all senders retry at once. The last attempt is made at the limit.
 *
 * @param limit the time after the first attempt at which to give up
 */
record RetrySchedule(Duration limit, Duration first, Duration longest) {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  static RetrySchedule of(Duration limit) {
    return new RetrySchedule(limit, FIRST, LONGEST);
  }

  /**
   * @param failures so far, at least 1
   * @param elapsed since the first attempt
   * @param retryAfter the receiver's Retry-After, if any
   * @return the time until the next attempt; empty when the limit has passed
   */
  Optional<Duration> backoff(
      int failures, Duration elapsed, Optional<Duration> retryAfter, RandomGenerator random) {
    Duration left = limit.minus(elapsed);
    if (left.isNegative() || left.isZero()) {
      return Optional.empty();
    }
    Duration backoff = exponential(failures, random);
    return Optional.of(
        shorter(left, retryAfter.map(wanted -> longer(wanted, backoff)).orElse(backoff)));
  }

  private Duration exponential(int failures, RandomGenerator random) {
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
