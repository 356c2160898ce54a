package io.attribution.stream.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StopSignalTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void sleepsUntilTheTimeIsOver() {
    try (StopSignal stop = StopSignal.open(LONG)) {
      assertThat(stop.await(Duration.ofMillis(1))).isFalse();
    }
  }

  @Test
  void wakesWhenRaised() {
    try (StopSignal stop = StopSignal.open(LONG)) {
      new Thread(stop::raise).start();
      assertThat(stop.await(LONG)).isTrue();
      assertThat(stop.isRaised()).isTrue();
    }
  }

  @Test
  void takesAnInterruptForASignal() {
    try (StopSignal stop = StopSignal.open(LONG)) {
      Thread.currentThread().interrupt();
      assertThat(stop.await(LONG)).isTrue();
      assertThat(stop.isRaised()).isTrue();
      assertThat(Thread.interrupted()).isFalse();
    }
  }
}
