package io.attribution.stream.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryScheduleTest {
  private static final RetrySchedule HOUR = RetrySchedule.of(Duration.ofHours(1));
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-11-25T12:00:00Z"), ZoneOffset.UTC);

  /** Never shortens a pause. */
  private static final RandomGenerator NO_JITTER = () -> 0L;

  @Test
  void doublesThePauseUpToAMinute() {
    assertThat(IntStream.rangeClosed(1, 9).mapToObj(RetryScheduleTest::seconds))
        .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
  }

  private static long seconds(int failures) {
    return HOUR.backoff(failures, Duration.ZERO, Optional.empty(), NO_JITTER).get().toSeconds();
  }

  @Property
  void staysBetweenHalfThePauseAndThePauseAndWithinTheTimeLeft(
      @ForAll @IntRange(min = 1, max = 10_000) int failures,
      @ForAll @LongRange(min = 0, max = 3_599_999) long elapsed,
      @ForAll long seed) {
    Duration pause =
        HOUR.backoff(failures, Duration.ofMillis(elapsed), Optional.empty(), new Random(seed))
            .orElseThrow();

    long left = 3_600_000 - elapsed;
    long full = Math.min(60_000, failures > 20 ? 60_000 : 1000L << (failures - 1));
    assertThat(pause.toMillis()).isBetween(Math.min(left, full / 2), Math.min(left, full));
  }

  @Test
  void triesForTheLastTimeWhenTheTimeIsUpAndThenGivesUp() {
    Duration almost = Duration.ofHours(1).minusSeconds(3);

    assertThat(HOUR.backoff(20, almost, Optional.empty(), NO_JITTER))
        .contains(Duration.ofSeconds(3));
    assertThat(HOUR.backoff(21, Duration.ofHours(1), Optional.empty(), NO_JITTER)).isEmpty();
  }

  @Test
  void leavesTheReceiverAloneForAsLongAsItAskedButNotBeyondTheLimit() {
    assertThat(HOUR.backoff(1, Duration.ZERO, Optional.of(Duration.ofMinutes(5)), NO_JITTER))
        .contains(Duration.ofMinutes(5));
    assertThat(HOUR.backoff(1, Duration.ZERO, Optional.of(Duration.ofDays(2)), NO_JITTER))
        .contains(Duration.ofHours(1));
    assertThat(HOUR.backoff(7, Duration.ZERO, Optional.of(Duration.ZERO), NO_JITTER))
        .contains(Duration.ofMinutes(1));
  }

  @Test
  void doesNotTryAgainWithoutTimeForIt() {
    assertThat(
            RetrySchedule.of(Duration.ZERO).backoff(1, Duration.ZERO, Optional.empty(), NO_JITTER))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | | Accepted",
        "204 | | Accepted",
        "500 | | Failed",
        "503 | 120 | Failed after PT2M",
        "503 | Wed, 25 Nov 2026 12:00:30 GMT | Failed after PT30S",
        "503 | Wed, 25 Nov 2026 11:00:00 GMT | Failed",
        "503 | soon | Failed",
        "429 | 7 | Failed after PT7S",
        "408 | | Failed",
        "400 | | Refused",
        "404 | 7 | Refused",
        "301 | | Refused"
      })
  void readsTheStatus(int status, String retryAfter, String expected) {
    Reply reply = Reply.of(status, Optional.ofNullable(retryAfter), NOON);

    String after =
        reply instanceof Reply.Failed failed
            ? failed.after().map(wait -> " after " + wait).orElse("")
            : "";
    assertThat(reply.getClass().getSimpleName() + after).isEqualTo(expected);
  }
}
