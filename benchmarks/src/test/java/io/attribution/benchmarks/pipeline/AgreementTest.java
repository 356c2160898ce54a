package io.attribution.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AgreementTest {
  @Test
  void allowsADifferenceThatIsSmallBesideTheRowsLargestNumber() {
    assertThat(Agreement.of(rows(100, 10, 0.005f), rows(100, 10, 0)).differing()).isZero();
  }

  @Test
  void allowsOneRowInAHundredToTakeTheOtherSideOfAKink() {
    Map<Integer, List<Float>> some = rows(100, 10, 0);
    some.put(7, List.of(10f, 5f));

    Agreement agreement = Agreement.of(some, rows(100, 10, 0));

    assertThat(agreement.differing()).isEqualTo(1);
    assertThat(agreement.holds()).isTrue();
  }

  @Test
  void failsWhereMoreRowsDiffer() {
    Map<Integer, List<Float>> some = rows(100, 10, 0);
    some.put(7, List.of(10f, 5f));
    some.put(8, List.of(10f, Float.NaN));

    assertThat(Agreement.of(some, rows(100, 10, 0)).holds()).isFalse();
  }

  @Test
  void refusesToCompareDifferentRows() {
    assertThatThrownBy(() -> Agreement.of(rows(3, 1, 0), rows(2, 1, 0)))
        .isInstanceOf(BenchFailure.class);
  }

  private static Map<Integer, List<Float>> rows(int count, float largest, float small) {
    Map<Integer, List<Float>> rows = new HashMap<>();
    for (int i = 0; i < count; i++) {
      rows.put(i, List.of(largest, small));
    }
    return rows;
  }
}
