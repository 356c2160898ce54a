package io.attribution.drift.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ChartDesignTest {
  private static final Baseline KNOWN = Baseline.known(0, 0.3);

  @ParameterizedTest
  @CsvSource({"1000, UP", "1000, BOTH", "1e6, UP", "1e9, UP", "1e9, BOTH"})
  void cusumsIntervalGivesWhatWasAskedFor(double every, Direction direction) {
    Cusum.Settings settings = ChartDesign.cusum(new Sensitivity(every, 2, direction), KNOWN);

    double side = AverageRunLength.cusum(settings.reference(), settings.interval(), 0);
    assertThat(direction == Direction.BOTH ? side / 2 : side)
        .isCloseTo(every, Percentage.withPercentage(0.1));
    assertThat(settings.reference())
        .isCloseTo(Math.log10(2) / 0.3 / 2, Percentage.withPercentage(1e-9));
  }

  @ParameterizedTest
  @CsvSource({"1000, UP", "1000, BOTH", "1e6, UP", "1e9, UP", "1e9, BOTH"})
  void ewmasLimitGivesWhatWasAskedFor(double every, Direction direction) {
    Ewma.Settings settings = ChartDesign.ewma(new Sensitivity(every, 2, direction), KNOWN);

    double both = AverageRunLength.ewma(settings.lambda(), settings.limit(), 0);
    assertThat(direction == Direction.BOTH ? both : 2 * both)
        .isCloseTo(every, Percentage.withPercentage(0.1));
  }

  @Test
  void rareAlarmsTakeWiderLimits() {
    double often = ChartDesign.cusum(new Sensitivity(1e3, 2, Direction.UP), KNOWN).interval();
    double rarely = ChartDesign.cusum(new Sensitivity(1e6, 2, Direction.UP), KNOWN).interval();

    // d h / d ln ARL is about 1 / 2k (Siegmund).
    double k = Math.log10(2) / 0.3 / 2;
    assertThat(rarely - often).isCloseTo(Math.log(1000) / (2 * k), Percentage.withPercentage(5));
  }

  @Test
  void aLearnedBaselineIsNotTrustedBeyondItsObservations() {
    Sensitivity wanted = new Sensitivity(1e4, 2, Direction.UP);
    Baseline learned = new Baseline(0, 0.3, 100);

    assertThat(ChartDesign.cusum(wanted, learned).reference())
        .isGreaterThan(ChartDesign.cusum(wanted, KNOWN).reference());
    assertThat(ChartDesign.ewma(wanted, learned).allowance())
        .isCloseTo(0.128, Percentage.withPercentage(1));
  }

  @ParameterizedTest
  @EnumSource
  void falseAlarmsAreAsRareAsAskedFor(DetectorKind kind) {
    Sensitivity wanted = new Sensitivity(1000, 2, Direction.UP);
    Detector detector = kind.create(wanted, BaselineSource.of(Baseline.known(-3, 0.3)));
    Random random = new Random(17);
    int observations = 600_000;

    int alarms = 0;
    for (int i = 0; i < observations; i++) {
      if (detector.observe(-3 + 0.3 * random.nextGaussian()).alarm()) {
        alarms++;
        detector.reset();
      }
    }

    // 600 alarms have a deviation of 4 %; exact limits cost the EWMA some per cent more.
    assertThat((double) observations / Math.max(1, alarms)).isGreaterThan(850);
    if (kind == DetectorKind.CUSUM) {
      assertThat((double) observations / alarms).isLessThan(1150);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theFactorIsFoundAfterALearnedBaseline(DetectorKind kind) {
    Sensitivity wanted = new Sensitivity(1e6, 2, Direction.UP);
    Detector detector = kind.create(wanted, BaselineSource.learned(200, 0.05));
    Random random = new Random(18);

    int alarm = -1;
    for (int i = 0; i < 2000 && alarm < 0; i++) {
      double level = i < 1000 ? -3 : -3 + Math.log10(2);
      alarm = detector.observe(level + 0.2 * random.nextGaussian()).alarm() ? i : -1;
    }

    assertThat(alarm).isBetween(1000, 1250);
  }

  @Test
  void whatCannotBeAskedForIsRefused() {
    assertThatThrownBy(() -> new Sensitivity(10, 2, Direction.UP))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Sensitivity(1000, 1, Direction.UP))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DetectorKind.of("magic")).hasMessageContaining("page_hinkley");
  }
}
