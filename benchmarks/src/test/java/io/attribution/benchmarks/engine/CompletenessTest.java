package io.attribution.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attribution.engine.matrix.FloatMatrix;
import org.junit.jupiter.api.Test;

class CompletenessTest {

  /** Two outputs of two features; the second output's contributions miss by some per cent of 4. */
  private static Completeness missing(float... percent) {
    FloatMatrix changes = FloatMatrix.allocateDirect(percent.length, 2);
    FloatMatrix contributions = FloatMatrix.allocateDirect(percent.length, 4);
    for (int row = 0; row < percent.length; row++) {
      changes.setRow(row, new float[] {1, -4});
      contributions.setRow(row, new float[] {3, -2, -5, 1 + 4 * percent[row] / 100});
    }
    return Completeness.of(changes, contributions);
  }

  @Test
  void errorIsTheLargestOfARowRelativeToItsLargestChange() {
    assertThat(missing(0, 25, 5).worst()).isCloseTo(0.25, within(1e-6));
  }

  @Test
  void oneRowInAHundredIsLeftOutOfTheMost() {
    float[] percent = new float[100];
    percent[7] = 50;
    percent[8] = 2;
    assertThat(missing(percent).most()).isCloseTo(0.02, within(1e-6));
    assertThat(missing(percent).worst()).isCloseTo(0.5, within(1e-6));
  }

  @Test
  void nanIsNoAnswer() {
    assertThat(missing(0, Float.NaN).worst()).isInfinite();
  }
}
