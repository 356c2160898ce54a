package io.attribution.stream.monitoring;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * When something outside this process last gave a good answer, and why it gives none since. Its age
 * grows with the time, whoever asks and whether or not anyone still tries. Safe for use by several
 * threads.
 */
public final class LastAnswer {
  private final String who;
  private final Duration timeout;
  private final Clock wall;
  private final LongSupplier nanoClock;
  private OptionalLong answeredAt = OptionalLong.empty();
  private long since;
  private String reason = "";
  private boolean logged;

  /**
   * @param who for messages, such as brokers
   * @param timeout how long it may stay without an answer
   * @param wall for {@link #timestamp}
   * @param nanoClock for the age: somebody may set the wall clock
   */
  LastAnswer(String who, Duration timeout, Clock wall, LongSupplier nanoClock) {
    this.who = who;
    this.timeout = timeout;
    this.wall = wall;
    this.nanoClock = nanoClock;
    this.since = nanoClock.getAsLong();
  }

  /**
   * It answered as it should.
   *
   * @return what to log where the log has the outage; empty where there was none
   */
  public synchronized Optional<String> answered() {
    Optional<String> news =
        logged
            ? Optional.of("%s: good again after %d s".formatted(who, age().toSeconds()))
            : Optional.empty();
    answeredAt = OptionalLong.of(wall.millis());
    since = nanoClock.getAsLong();
    reason = "";
    logged = false;
    return news;
  }

  /**
   * It did not answer, or not as it should.
   *
   * @return what to log where this makes it an outage; empty before, and when it was said
   */
  public synchronized Optional<String> failed(String why) {
    reason = why;
    Optional<String> news = logged ? Optional.empty() : problem();
    logged |= news.isPresent();
    return news;
  }

  /** Why it counts as unavailable: no answer for longer than the timeout. */
  public synchronized Optional<String> problem() {
    Duration age = age();
    return age.compareTo(timeout) <= 0
        ? Optional.empty()
        : Optional.of(
            "%s: no good answer for %d s%s"
                .formatted(who, age.toSeconds(), reason.isEmpty() ? "" : ": " + reason));
  }

  /** Milliseconds since the epoch; empty before the first answer. */
  public synchronized OptionalLong timestamp() {
    return answeredAt;
  }

  private Duration age() {
    return Duration.ofNanos(nanoClock.getAsLong() - since);
  }
}
