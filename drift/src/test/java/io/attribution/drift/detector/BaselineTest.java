package io.attribution.drift.detector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaselineTest {

  /** χ²(0.1; 9) = 4.168 and χ²(0.1; 99) = 81.45, from tables. */
  @ParameterizedTest
  @CsvSource({"10, 4.168", "100, 81.45"})
  void sigmaIsTheUpperEndOfItsConfidenceInterval(int observations, double quantile) {
    Baseline.Learning learning = new Baseline.Learning();
    for (int i = 0; i < observations; i++) {
      learning.add(i % 2 == 0 ? 5 : 7);
    }

    Baseline baseline = learning.baseline(0.001);

    assertThat(baseline.mean()).isCloseTo(6, Percentage.withPercentage(1e-9));
    assertThat(baseline.sigma())
        .isCloseTo(Math.sqrt(observations / quantile), Percentage.withPercentage(1));
  }

  /** Nine of ten learned baselines reach the configured ARL0, or a longer one. */
  @Test
  void mostLearnedBaselinesCauseNoMoreFalseAlarmsThanConfigured() {
    Random random = new Random(3);
    CusumSettings settings = new CusumSettings(1e3, 10, 100, 1e-3, 1e-5);
    int enough = 0;
    for (int run = 0; run < 200; run++) {
      Baseline.Learning learning = new Baseline.Learning();
      for (int i = 0; i < 100; i++) {
        learning.add(random.nextGaussian());
      }
      Baseline learned = learning.baseline(1e-3);
      Cusum cusum = Cusum.of(settings, learned);
      // The chart in units of the true sigma, 1: everything times sigma, the mean's error in k.
      double scale = learned.sigma();
      double arl = AverageRunLength.of(cusum.k() * scale + learned.mean(), cusum.h() * scale);
      enough += arl >= 1e3 ? 1 : 0;
    }

    assertThat(enough).isGreaterThan(170);
  }

  @Test
  void valuesThatHardlyDifferHaveTheFloorAsSigma() {
    Baseline.Learning learning = new Baseline.Learning();
    for (int i = 0; i < 50; i++) {
      learning.add(-5 + 1e-9 * (i % 3));
    }

    assertThat(learning.baseline(0.05).sigma()).isEqualTo(0.05);
  }
}
