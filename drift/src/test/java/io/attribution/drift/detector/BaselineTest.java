package io.attribution.drift.detector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaselineTest {
  private static final Sensitivity WANTED = new Sensitivity(1e4, 2, Direction.UP);

  @Test
  void isLearnedFromTheFirstValuesWithoutAnAlarm() {
    Calibrated detector =
        (Calibrated) DetectorKind.EWMA.create(WANTED, BaselineSource.learned(10, 0.01));

    for (int i = 0; i < 9; i++) {
      assertThat(detector.observe(i % 2 == 0 ? 1e6 : -1e6)).isEqualTo(Reading.SILENT);
      assertThat(detector.baseline()).isEmpty();
    }
    detector.observe(0);

    assertThat(detector.baseline().map(Baseline::observations)).isEqualTo(Optional.of(10));
  }

  /** χ²(0.1; 9) = 4.168 and χ²(0.1; 99) = 81.45, from tables. */
  @ParameterizedTest
  @ValueSource(ints = {10, 100})
  void sigmaIsTheUpperEndOfItsConfidenceInterval(int observations) {
    Baseline.Learning learning = new Baseline.Learning();
    double squares = 0;
    for (int i = 0; i < observations; i++) {
      double value = i % 2 == 0 ? 5 : 7;
      squares += 1;
      learning.add(value);
    }

    Baseline baseline = learning.baseline(0.001);

    double quantile = observations == 10 ? 4.168 : 81.45;
    assertThat(baseline.mean()).isCloseTo(6, Percentage.withPercentage(1e-9));
    assertThat(baseline.sigma())
        .isCloseTo(Math.sqrt(squares / quantile), Percentage.withPercentage(1));
  }

  /** What the caution is for: nine of ten baselines give what was asked for, or better. */
  @Test
  void mostLearnedBaselinesGiveNoMoreFalseAlarmsThanAskedFor() {
    Random random = new Random(3);
    int enough = 0;
    for (int run = 0; run < 200; run++) {
      Baseline.Learning learning = new Baseline.Learning();
      for (int i = 0; i < 100; i++) {
        learning.add(random.nextGaussian());
      }
      Baseline learned = learning.baseline(1e-3);
      Cusum.Settings settings = ChartDesign.cusum(new Sensitivity(1e3, 10, Direction.UP), learned);
      double scale = learned.sigma();
      // The chart of true values: everything times sigma, and the mean's error in k.
      double runLength =
          AverageRunLength.cusum(
              settings.reference() * scale + learned.mean(), settings.interval() * scale, 0);
      enough += runLength >= 1e3 ? 1 : 0;
    }

    assertThat(enough).isGreaterThan(170);
  }

  @Test
  void valuesThatHardlyDifferGetTheFloorAsSigma() {
    Baseline.Learning learning = new Baseline.Learning();
    for (int i = 0; i < 50; i++) {
      learning.add(-5 + 1e-9 * (i % 3));
    }

    assertThat(learning.baseline(0.05).sigma()).isEqualTo(0.05);
  }
}
