package io.attribution.stream.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {
  private final AtomicLong clock = new AtomicLong(1_000_000_007L);

  @Test
  void spacesRecordsEvenly() {
    Pace pace = Pace.of(200, clock::get);

    for (int i = 0; i < 1000; i++) {
      Duration wait = pace.untilNext();
      assertThat(wait).isEqualTo(i == 0 ? Duration.ZERO : Duration.ofMillis(5));
      clock.addAndGet(wait.toNanos());
    }
  }

  @Test
  void takesTheTimeOfTheWorkFromTheWait() {
    Pace pace = Pace.of(200, clock::get);
    pace.untilNext();

    clock.addAndGet(Duration.ofMillis(2).toNanos());

    assertThat(pace.untilNext()).isEqualTo(Duration.ofMillis(3));
  }

  @Test
  void catchesUpAfterAShortDelay() {
    Pace pace = Pace.of(200, clock::get);
    pace.untilNext();

    clock.addAndGet(Duration.ofMillis(12).toNanos());

    assertThat(pace.untilNext()).isZero();
    assertThat(pace.untilNext()).isZero();
    assertThat(pace.untilNext()).isEqualTo(Duration.ofMillis(3));
  }

  @Test
  void makesNoBurstAfterALongPause() {
    Pace pace = Pace.of(200, clock::get);
    pace.untilNext();

    clock.addAndGet(Duration.ofSeconds(10).toNanos());

    int atOnce = 0;
    while (pace.untilNext().isZero()) {
      atOnce++;
    }
    assertThat(atOnce).isLessThanOrEqualTo(51);
  }

  @Test
  void neverWaitsWithoutALimit() {
    Pace pace = Pace.of(Double.POSITIVE_INFINITY, clock::get);

    for (int i = 0; i < 1000; i++) {
      assertThat(pace.untilNext()).isZero();
    }
  }

  @Test
  void refusesRatesThatAreNone() {
    for (double rate : new double[] {0, -1, Double.NaN}) {
      assertThatThrownBy(() -> Pace.of(rate, clock::get))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
