package io.attribution.benchmarks.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attribution.benchmarks.drift.DriftBenchmark.Result;
import io.attribution.benchmarks.report.Run;
import io.attribution.benchmarks.report.Section;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DriftBenchmarkTest {
  private static final int FEATURES = 4;
  private static final double RATE = 1e-4;

  private static Scenario shifted(RowKind kind, Shift shift) {
    return DriftBenchmark.shifted(kind, FEATURES, shift);
  }

  @Test
  void theSameSeedGivesTheSameRowsWhateverTheShift() {
    Scenario scenario = shifted(RowKind.HEAVY, Shift.mean(1));
    ExplainedRows some = ExplainedRows.of(scenario, 1, 0);
    ExplainedRows others = ExplainedRows.of(shifted(RowKind.HEAVY, Shift.NONE), 1, 0);

    assertThat(some.moved()).isEqualTo(others.moved());
    for (int row = 0; row < scenario.rows(); row++) {
      float[] expected = others.features(row).clone();
      expected[some.moved()] += row < scenario.shiftRow() ? 0 : 1;
      assertThat(some.features(row)).containsExactly(expected, within(1e-5f));
    }
    assertThat(ExplainedRows.of(scenario, 2, 0).features(0)).isNotEqualTo(some.features(0));
  }

  @Test
  void valuesHaveDeviationOneAndTheCorrelationThatIsSaid() {
    for (RowKind kind : RowKind.values()) {
      ExplainedRows rows = ExplainedRows.of(DriftBenchmark.quiet(kind, 1), 1, 0);
      double[] values =
          IntStream.range(0, rows.rows()).mapToDouble(row -> rows.features(row)[0]).toArray();
      double square = Arrays.stream(values).map(x -> x * x).average().orElseThrow();
      double product =
          IntStream.range(1, values.length)
              .mapToDouble(i -> values[i] * values[i - 1])
              .average()
              .orElseThrow();

      assertThat(square).as(kind.description()).isBetween(0.8, 1.2);
      assertThat(product / square)
          .as(kind.description())
          .isBetween(kind == RowKind.MEMORY ? 0.45 : -0.05, kind == RowKind.MEMORY ? 0.55 : 0.05);
    }
  }

  @Test
  void theWatchNamesALargeShiftInItsFirstWindow() throws IOException {
    DriftBenchmark benchmark = new DriftBenchmark(1, 3, Optional.empty());

    Result result = benchmark.run(shifted(RowKind.NORMAL, Shift.mean(2)), RATE);

    for (Alarms alarms : result.alarms()) {
      assertThat(alarms.falseAlarms()).isEqualTo("0 of 21");
      assertThat(alarms.delay()).isEqualTo("1.00 (100 %)");
      assertThat(alarms.naming(result.moved())).isEqualTo("100 %, 0");
    }
  }

  @Test
  void alarmsAreCountedByWindowAndNamesByTheFirstAlarmsWindow() {
    Scenario scenario = new Scenario(RowKind.NORMAL, 5, Shift.mean(1), 100, 10, 3, 2);
    List<Named> stream =
        List.of(
            new Named(101, List.of(1)), // first window before the shift, twice
            new Named(110, List.of(2)),
            new Named(130, List.of(3)), // the last row before the shift
            new Named(133, List.of(4)),
            new Named(140, List.of(0, 4)),
            new Named(141, List.of(2))); // the next window

    Alarms alarms = new Alarms("who", scenario, 5, List.of(stream, List.of()));

    assertThat(alarms.falseAlarms()).isEqualTo("2 of 10");
    assertThat(alarms.delay()).isEqualTo("0.300 (50 %)");
    assertThat(alarms.naming(List.of(4, 1))).isEqualTo("100 %, 1.00");
    assertThat(alarms.naming(List.of(0, 1))).isEqualTo("0 %, 1.00");
  }

  @Test
  void whoSawNothingSaysNothing() {
    Scenario scenario = shifted(RowKind.NORMAL, Shift.mean(1));
    Alarms nobody = new Alarms("nobody", scenario, 7, List.of());
    Result result = new Result(scenario, RATE, List.of(nobody), List.of(0));

    Section section =
        new DriftSection(List.of(result), List.of(result), List.of("Peers did not run."))
            .section(new Run("now", "bench", Map.of(), Map.of()));

    assertThat(section.tables()).allMatch(table -> table.rows().get(0).get(3).isEmpty());
    assertThat(section.notes()).contains("Peers did not run.");
  }
}
