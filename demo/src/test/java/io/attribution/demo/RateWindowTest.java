package io.attribution.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateWindowTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final RateWindow window = new RateWindow(Duration.ofSeconds(5));

  @Test
  void countsPerSecond() {
    assertThat(window.observe(0, 0)).isZero();
    assertThat(window.observe(SECOND / 2, 100)).isEqualTo(200);
    assertThat(window.observe(2 * SECOND, 400)).isEqualTo(200);
  }

  @Test
  void followsAChangeWithinItsWidth() {
    for (int tenth = 0; tenth <= 100; tenth++) {
      window.observe(tenth * SECOND / 10, tenth * 10L);
    }
    double rate = 0;
    for (int tenth = 101; tenth <= 160; tenth++) {
      rate = window.observe(tenth * SECOND / 10, 1000);
    }

    assertThat(rate).isCloseTo(0, within(1e-9));
  }
}
