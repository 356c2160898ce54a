package io.attribution.drift.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class EffectiveSizeTest {
  private static double[] series(double correlation, int length) {
    Random random = new Random(5);
    double[] series = new double[length];
    for (int i = 1; i < length; i++) {
      series[i] = correlation * series[i - 1] + random.nextGaussian();
    }
    return series;
  }

  @Test
  void independentValuesAllCount() {
    assertThat(EffectiveSize.share(series(0, 1000))).isEqualTo(1);
  }

  @Test
  void anAutocorrelatedSeriesHasTheSizeOfTheFormula() {
    assertThat(EffectiveSize.share(series(0.5, 20_000))).isCloseTo(1 / 3.0, within(0.03));
    assertThat(EffectiveSize.share(series(0.9, 20_000))).isCloseTo(0.1 / 1.9, within(0.01));
  }

  @Test
  void alternatingValuesCountNoMoreThanIndependentOnes() {
    assertThat(EffectiveSize.share(series(-0.9, 1000))).isEqualTo(1);
  }

  @Test
  void aConstantAndATrendHaveAShareAboveZero() {
    assertThat(EffectiveSize.share(new double[100])).isEqualTo(1);
    double[] trend = new double[100];
    for (int i = 0; i < trend.length; i++) {
      trend[i] = i;
    }
    assertThat(EffectiveSize.share(trend)).isPositive().isLessThan(0.05);
  }
}
