package io.attribution.benchmarks.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attribution.benchmarks.drift.Alarms.Alarm;
import io.attribution.benchmarks.drift.Scenario.Kind;
import io.attribution.drift.SampleRow;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DriftBenchmarkTest {
  private static final int FEATURES = 4;
  private static final double RATE = 1e-4;

  @Test
  void theSameSeedGivesTheSameRowsWhateverTheShift() {
    Scenario scenario = Scenario.shifted(Kind.HEAVY, FEATURES, 1, 1);
    Scenario still = Scenario.shifted(Kind.HEAVY, FEATURES, 0, 1);
    int moved = scenario.moved(1, 0);
    List<SampleRow> rows = scenario.stream(1, 0);
    List<SampleRow> others = still.stream(1, 0);
    assertThat(still.moved(1, 0)).isEqualTo(moved);
    for (int row = 0; row < scenario.rows(); row++) {
      float[] expected = others.get(row).features().clone();
      expected[moved] += row < scenario.shiftRow() ? 0 : 1;
      assertThat(rows.get(row).features()).containsExactly(expected, within(1e-5f));
    }
    assertThat(scenario.stream(2, 0).get(0).features()).isNotEqualTo(rows.get(0).features());
  }

  @Test
  void valuesHaveDeviationOneAndTheCorrelationOfTheirKind() {
    for (Kind kind : Kind.values()) {
      List<SampleRow> rows = Scenario.quiet(kind, 1).stream(1, 0);
      double[] values = rows.stream().mapToDouble(row -> row.features()[0]).toArray();
      double square =
          IntStream.range(0, values.length)
              .mapToDouble(i -> values[i] * values[i])
              .average()
              .orElseThrow();
      double product =
          IntStream.range(1, values.length)
              .mapToDouble(i -> values[i] * values[i - 1])
              .average()
              .orElseThrow();
      assertThat(square).as(kind.name()).isBetween(0.8, 1.2);
      assertThat(product / square)
          .as(kind.name())
          .isCloseTo(kind == Kind.MEMORY ? 0.5 : 0, within(0.05));
    }
  }

  @Test
  void theWatchNamesALargeShiftInItsFirstWindow() {
    Scenario scenario = Scenario.shifted(Kind.NORMAL, FEATURES, 2, 1);
    List<Watch> watches =
        IntStream.range(0, 3)
            .mapToObj(i -> Watch.over(scenario, scenario.stream(1, i), RATE))
            .toList();
    List<Integer> moved = IntStream.range(0, 3).mapToObj(i -> scenario.moved(1, i)).toList();
    Alarms alarms =
        new Alarms("watch", scenario, 7, watches.stream().map(Watch::attribution).toList());
    assertThat(alarms.falseAlarms()).isEqualTo("0 of 21");
    assertThat(alarms.delay()).isEqualTo("1.00 (100 %)");
    assertThat(alarms.naming(moved)).isEqualTo("100 %, 0");
  }

  @Test
  void alarmsAreCountedByWindowAndNamesByTheFirstAlarmsWindow() {
    Scenario scenario = Scenario.shifted(Kind.NORMAL, 5, 1, 1);
    int shift = scenario.shiftRow();
    int window = Scenario.WINDOW;
    List<Alarm> stream =
        List.of(
            new Alarm(shift - 2 * window + 1, List.of(1)), // first window before the shift, twice
            new Alarm(shift - window, List.of(2)),
            new Alarm(shift, List.of(3)), // the last row before the shift
            new Alarm(shift + 3 * window / 10, List.of(4)),
            new Alarm(shift + window, List.of(0, 4)),
            new Alarm(shift + window + 1, List.of(2))); // the next window
    Alarms alarms = new Alarms("who", scenario, 5, List.of(stream, List.of()));
    assertThat(alarms.falseAlarms()).isEqualTo("2 of 10");
    assertThat(alarms.delay()).isEqualTo("0.300 (50 %)");
    assertThat(alarms.naming(List.of(4, 1))).isEqualTo("100 %, 1.00");
    assertThat(alarms.naming(List.of(0, 1))).isEqualTo("0 %, 1.00");
  }

  @Test
  void aDetectorThatSawNothingHasEmptyCells() {
    Alarms alarms = new Alarms("slow", Scenario.shifted(Kind.NORMAL, 5, 1, 1), 7, List.of());
    assertThat(List.of(alarms.falseAlarms(), alarms.delay(), alarms.naming(List.of(0))))
        .containsOnly("");
  }
}
