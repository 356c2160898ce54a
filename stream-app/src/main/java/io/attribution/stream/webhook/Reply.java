package io.attribution.stream.webhook;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** The outcome of one attempt to deliver an alert. */
sealed interface Reply {
  /** The receiver accepted it. */
  record Accepted() implements Reply {}

  /** The receiver refused it; a retry would not help. */
  record Refused(String why) implements Reply {}

  /** The record is not an alert that can be sent. */
  record Unsendable(String why) implements Reply {}

  /**
   * A retry may succeed.
   *
   * @param after the receiver's Retry-After, if any
   */
  record Failed(String why, Optional<Duration> after) implements Reply {}

  /**
   * @param status of HTTP
   * @param retryAfter the header of that name
   */
  static Reply of(int status, Optional<String> retryAfter, Clock clock) {
    String why = "status " + status;
    if (status >= 200 && status < 300) {
      return new Accepted();
    }
    if (status >= 500 || status == 429 || status == 408) {
      return new Failed(why, retryAfter.flatMap(header -> RetryAfter.parse(header, clock)));
    }
    return new Refused(why);
  }

  static Reply failed(String why) {
    return new Failed(why, Optional.empty());
  }
}
