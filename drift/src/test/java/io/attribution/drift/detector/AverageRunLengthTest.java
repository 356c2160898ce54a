package io.attribution.drift.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AverageRunLengthTest {

  /** Two-sided CUSUM with k = 1/2; Montgomery's table, after Lucas. */
  @ParameterizedTest
  @CsvSource({
    "4, 0, 168", "4, 0.5, 26.6", "4, 1, 8.38", "4, 2, 3.34",
    "5, 0, 465", "5, 0.5, 38.0", "5, 1, 10.4", "5, 2, 4.01"
  })
  void isThatOfThePublishedTable(double h, double shift, double published) {
    double upper = AverageRunLength.of(0.5 - shift, h);
    double lower = AverageRunLength.of(0.5 + shift, h);

    assertThat(1 / (1 / upper + 1 / lower)).isCloseTo(published, Percentage.withPercentage(0.5));
  }

  /** D. Siegmund, Sequential Analysis (1985): a closed form, within a few per cent. */
  @ParameterizedTest
  @CsvSource({"0.25, 8", "0.25, 20", "0.5, 5", "0.5, 10", "1, 3", "1, 8"})
  void isNearSiegmundsApproximation(double k, double h) {
    double b = h + 2 * 0.583;
    double siegmund = (Math.exp(2 * k * b) - 2 * k * b - 1) / (2 * k * k);

    assertThat(AverageRunLength.of(k, h)).isCloseTo(siegmund, Percentage.withPercentage(10));
  }

  @Test
  void normalProbabilitiesAreThoseOfScipy() {
    JsonNode vector = Vectors.read("normal");
    double[] at = Vectors.doubles(vector.get("at"));
    double[] expected = Vectors.doubles(vector.get("cumulative"));

    for (int i = 0; i < at.length; i++) {
      double actual = StandardNormal.cumulative(at[i]);
      assertThat(actual).isCloseTo(expected[i], within(2e-15));
      assertThat(actual).isCloseTo(expected[i], Percentage.withPercentage(1e-4));
    }
  }

  @ParameterizedTest
  @CsvSource({"24", "61", "150", "301"})
  void quadratureIntegratesPolynomials(int n) {
    GaussLegendre rule = GaussLegendre.of(n, -1, 3);

    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += rule.weight(i) * Math.pow(rule.node(i), 6);
    }

    assertThat(sum).isCloseTo((Math.pow(3, 7) + 1) / 7, Percentage.withPercentage(1e-11));
  }
}
