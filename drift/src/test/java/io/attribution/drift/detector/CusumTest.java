package io.attribution.drift.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Montgomery's 30 observations have mean 10 and deviation 1; the last ten have mean 11. */
class CusumTest {
  private static final JsonNode TABLES = Vectors.read("montgomery");
  private static final double[] VALUES = Vectors.doubles(TABLES.get("values"));

  @ParameterizedTest
  @CsvSource({"upper, 1", "lower, -1"})
  void hasTheTextbooksSums(String table, int sign) {
    Cusum cusum = new Cusum(0.5, 5);

    for (int i = 0; i < VALUES.length; i++) {
      assertThat(cusum.observe(sign * (VALUES[i] - 10)).statistic())
          .isCloseTo(TABLES.get(table).get(i).asDouble(), within(1e-12));
    }
  }

  /** Alarm at observation 29; the sum left 0 with observation 23. */
  @Test
  void alarmsWhereTheTextbookDoes() {
    Cusum cusum = new Cusum(0.5, 5);
    int observation = 1;
    while (!cusum.observe(VALUES[observation - 1] - 10).alarm()) {
      observation++;
    }

    assertThat(observation).isEqualTo(29);
    assertThat(cusum.observe(0).since()).isEqualTo(7);
  }

  @Test
  void anAlarmEndsSoonHoweverLongTheFaultLasted() {
    Cusum cusum = new Cusum(0.5, 5);
    for (int i = 0; i < 100_000; i++) {
      cusum.observe(1e6);
    }

    for (int good = 0; good < 10; good++) {
      cusum.observe(0);
    }

    assertThat(cusum.observe(0).alarm()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(doubles = {100, 1000, 1e6, 1e9})
  void intervalHasTheAverageRunLengthThatWasConfigured(double arl0) {
    Cusum cusum = cusum(arl0, 2, 0.3, Integer.MAX_VALUE);

    assertThat(AverageRunLength.of(cusum.k(), cusum.h()))
        .isCloseTo(arl0, Percentage.withPercentage(0.1));
    assertThat(cusum.k()).isCloseTo(Math.log10(2) / 0.3 / 2, Percentage.withPercentage(0.01));
  }

  @Test
  void rareFalseAlarmsTakeALargerInterval() {
    double often = cusum(1e3, 2, 0.3, 100).h();
    double rarely = cusum(1e6, 2, 0.3, 100).h();

    // d h / d ln ARL is about 1 / 2k (Siegmund).
    double k = Math.log10(2) / 0.3 / 2;
    assertThat(rarely - often).isCloseTo(Math.log(1000) / (2 * k), Percentage.withPercentage(5));
  }

  /** 0.128 is the 90 % quantile of the mean of 100 standardised values. */
  @Test
  void aLearnedMeanMayBeWrong() {
    double exact = cusum(1e4, 2, 0.3, Integer.MAX_VALUE).k();

    assertThat(cusum(1e4, 2, 0.3, 100).k() - exact).isCloseTo(0.128, Percentage.withPercentage(1));
  }

  @ParameterizedTest
  @CsvSource({"1.1, 0.3, 0.25", "1000, 0.3, 1"})
  void referenceValueHasLimits(double factor, double sigma, double k) {
    assertThat(cusum(1e4, factor, sigma, Integer.MAX_VALUE).k()).isCloseTo(k, within(1e-4));
  }

  private static Cusum cusum(double arl0, double factor, double sigma, int observations) {
    return Cusum.of(
        new CusumSettings(arl0, factor, 100, 0.1, 1e-5), new Baseline(0, sigma, observations));
  }
}
