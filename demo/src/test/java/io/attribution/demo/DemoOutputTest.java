package io.attribution.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attribution.stream.terminal.StopSignal;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DemoOutputTest {
  private final StringWriter text = new StringWriter();
  private final DemoOutput output =
      new DemoOutput(OutputStream.nullOutputStream(), new PrintWriter(text), false, false);

  @Test
  void saysWhatItDoesAndHowLongItTook() {
    try (StopSignal stop = StopSignal.open(Duration.ZERO)) {
      assertThat(output.step("doing it", stop, () -> 42)).isEqualTo(42);
    }
    assertThat(text.toString()).matches("doing it … +0\\.\\d s\\R");
  }

  @Test
  void passesFaultsOn() {
    try (StopSignal stop = StopSignal.open(Duration.ZERO)) {
      assertThatThrownBy(() -> output.step("doing it", stop, DemoOutputTest::fail))
          .isInstanceOf(ExceptionInInitializerError.class);
    }
  }

  @Test
  void takesFaultsWhileStoppingForPartOfIt() {
    try (StopSignal stop = StopSignal.open(Duration.ZERO)) {
      stop.raise();
      assertThatThrownBy(() -> output.step("doing it", stop, DemoOutputTest::fail))
          .isInstanceOf(DemoOutput.Stopped.class);
    }
  }

  private static int fail() {
    throw new ExceptionInInitializerError("the process is ending");
  }
}
