package io.attribution.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventTimeLimitTest {
  private static final long NOW = 1_000_000_000;

  private final EventTimeLimit limit = EventTimeLimit.of(() -> Instant.ofEpochMilli(NOW));

  @Test
  void doesNotChangeThePastNorClocksThatDifferALittle() {
    for (long millis : new long[] {-1, 0, NOW - 1, NOW, NOW + 60_000}) {
      assertThat(limit.of(millis)).isEqualTo(millis);
    }
  }

  @Test
  void whatIsFartherInTheFutureCountsAsNow() {
    for (long millis : new long[] {NOW + 60_001, Long.MAX_VALUE}) {
      assertThat(limit.of(millis)).isEqualTo(NOW);
    }
  }
}
