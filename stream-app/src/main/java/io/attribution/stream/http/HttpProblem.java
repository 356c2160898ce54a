package io.attribution.stream.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An error response: a status and one line that says what is wrong, where, and what to do. */
final class HttpProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final @Nullable String reason;

  private HttpProblem(int status, String message, @Nullable String reason) {
    super(message);
    this.status = status;
    this.reason = reason;
  }

  HttpProblem(int status, String message) {
    this(status, message, null);
  }

  static HttpProblem badRequest(String message) {
    return new HttpProblem(400, message);
  }

  /** A later retry can succeed. */
  static HttpProblem busy(String message) {
    return new HttpProblem(429, message);
  }

  static HttpProblem notFound(String message) {
    return new HttpProblem(404, message);
  }

  static HttpProblem tooLarge(String message) {
    return new HttpProblem(413, message);
  }

  /**
   * @param reason a dead letter's label
   */
  static HttpProblem deadLetter(String reason, String message) {
    return new HttpProblem(422, message, reason);
  }

  int status() {
    return status;
  }

  /** A dead letter's label. */
  Optional<String> reason() {
    return Optional.ofNullable(reason);
  }
}
