package io.attribution.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attribution.engine.matrix.FloatMatrix;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static FloatMatrix rows(int count, int wrong, float factor) {
    FloatMatrix matrix = FloatMatrix.allocateDirect(count, 2);
    for (int row = 0; row < count; row++) {
      float first = row < wrong ? 2 * factor : 2;
      matrix.setRow(row, new float[] {first, 1e-6f});
    }
    return matrix;
  }

  @Test
  void oneRowInAHundredMayDiffer() {
    FloatMatrix expected = rows(200, 0, 1);

    assertThatCode(() -> Comparison.require("peer", expected, rows(200, 2, 1.01f)))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> Comparison.require("peer", expected, rows(200, 3, 1.01f)))
        .hasMessageContaining("peer: 3 of 200 rows differ");
  }

  @Test
  void theOnlyRowMayNotDiffer() {
    assertThatThrownBy(() -> Comparison.require("peer", rows(1, 0, 1), rows(1, 1, 1.01f)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void roundingIsNoDifference() {
    assertThat(Comparison.differentRows(rows(5, 0, 1), rows(5, 5, 1.0001f))).isZero();
  }

  @Test
  void nanIsADifference() {
    assertThat(Comparison.differentRows(rows(5, 0, 1), rows(5, 5, Float.NaN))).isEqualTo(5);
    assertThat(Comparison.differentRows(rows(5, 5, Float.NaN), rows(5, 5, Float.NaN))).isEqualTo(5);
  }

  @Test
  void otherShapesAreNoAnswer() {
    assertThatThrownBy(() -> Comparison.require("peer", rows(2, 0, 1), rows(3, 0, 1)))
        .hasMessageContaining("shapes differ");
  }
}
