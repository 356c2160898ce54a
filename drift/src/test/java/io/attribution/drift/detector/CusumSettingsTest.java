package io.attribution.drift.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CusumSettingsTest {
  private final CusumSettings settings = new CusumSettings(1e7, 3, 100, 0.1, 1e-5);

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-300, 0.6e-6, 1.6e-6, 9.99e-6, 1e-5})
  void errorsThatRoundingExplainsHaveOneLevel(double healthy) {
    assertThat(settings.level(healthy)).isEqualTo(Math.log10(1e-5));
  }

  @Test
  void theLevelOfALargerErrorIsItsLogarithm() {
    assertThat(settings.level(1e-3)).isEqualTo(Math.log10(1e-3));
    assertThat(settings.level(0.16)).isEqualTo(Math.log10(0.16));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e6, 1e300, Double.POSITIVE_INFINITY, Double.NaN})
  void errorsThatCannotBeComparedHaveTheLargestLevel(double broken) {
    assertThat(settings.level(broken)).isEqualTo(6);
  }

  @ParameterizedTest
  @CsvSource({
    "99, 3, 100, 0.1, 1e-5, ARL0",
    "1e10, 3, 100, 0.1, 1e-5, ARL0",
    "NaN, 3, 100, 0.1, 1e-5, ARL0",
    "1e7, 1, 100, 0.1, 1e-5, factor",
    "1e7, Infinity, 100, 0.1, 1e-5, factor",
    "1e7, 3, 9, 0.1, 1e-5, baseline size",
    "1e7, 3, 100, 0, 1e-5, sigma floor",
    "1e7, 3, 100, NaN, 1e-5, sigma floor",
    "1e7, 3, 100, 0.1, 0, error floor",
    "1e7, 3, 100, 0.1, 1e7, error floor",
    "1e7, 3, 100, 0.1, NaN, error floor"
  })
  void refusesWhatItCannotMeet(
      double arl0, double factor, int baseline, double sigma, double error, String named) {
    assertThatThrownBy(() -> new CusumSettings(arl0, factor, baseline, sigma, error))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(named);
  }
}
