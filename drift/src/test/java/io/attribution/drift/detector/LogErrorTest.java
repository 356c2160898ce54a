package io.attribution.drift.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogErrorTest {
  private final LogError error = new LogError(1e-5);

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-300, 0.6e-6, 1.6e-6, 9.99e-6, 1e-5})
  void whateverRoundingExplainsIsOneNumber(double healthy) {
    assertThat(error.of(healthy)).isEqualTo(error.lowest()).isEqualTo(Math.log10(1e-5));
  }

  @Test
  void whatIsAboveIsItsLogarithm() {
    assertThat(error.of(1e-3)).isEqualTo(Math.log10(1e-3));
    assertThat(error.of(0.16)).isEqualTo(Math.log10(0.16));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e6, 1e300, Double.POSITIVE_INFINITY, Double.NaN})
  void whatCannotBeComparedIsTheLargest(double broken) {
    assertThat(error.of(broken)).isEqualTo(6);
  }

  @Test
  void aFloorThatIsNoneIsRefused() {
    assertThatThrownBy(() -> new LogError(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LogError(1e7)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LogError(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
  }
}
