package io.attribution.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {
  private static final double ROUNDING = 1e-12;

  @Test
  void medianOfAnOddNumberIsTheMiddleOne() {
    assertThat(new Samples(List.of(9.0, 1.0, 2.0)).median()).isEqualTo(2);
  }

  @Test
  void medianOfAnEvenNumberIsBetweenTheMiddleTwo() {
    assertThat(new Samples(List.of(4.0, 1.0, 2.0, 100.0)).median()).isEqualTo(3);
  }

  @Test
  void oneDisturbedRoundDoesNotMoveTheRatio() {
    Samples fast = new Samples(List.of(1.0, 1.0, 50.0));
    Samples slow = new Samples(List.of(3.0, 3.0, 3.0));

    assertThat(fast.speedOver(slow)).isEqualTo(3);
  }

  @Test
  void spreadIsRelativeToTheMedian() {
    assertThat(new Samples(List.of(1.0, 2.0, 2.5)).spread()).isCloseTo(0.75, within(ROUNDING));
  }

  @Test
  void refusesNoSamples() {
    assertThatThrownBy(() -> new Samples(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void geometricMeanOfTwiceAndHalfIsOne() {
    assertThat(Samples.geometricMean(List.of(2.0, 0.5))).isCloseTo(1, within(ROUNDING));
    assertThat(Samples.geometricMean(List.of(1.0, 10.0, 100.0)))
        .isCloseTo(10, within(ROUNDING * 100));
  }

  @Test
  void geometricMeanRefusesWhatIsNoRatio() {
    assertThatThrownBy(() -> Samples.geometricMean(List.of(1.0, 0.0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Samples.geometricMean(List.of(Double.NaN)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
