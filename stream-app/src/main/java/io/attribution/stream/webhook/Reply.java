package io.attribution.stream.webhook;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** What became of one try to deliver an alert. */
sealed interface Reply {
  /** The receiver has it. */
  record Accepted() implements Reply {}

  /** The receiver does not want it, and trying again would not change that. */
  record Refused(String why) implements Reply {}

  /** It is nothing that could be sent. */
  record Unsendable(String why) implements Reply {}

  /**
   * It may work later.
   *
   * @param after how long the receiver wants to be left alone, if it said so
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
