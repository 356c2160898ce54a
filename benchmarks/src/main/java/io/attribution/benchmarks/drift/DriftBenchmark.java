package io.attribution.benchmarks.drift;

import io.attribution.stream.config.DriftConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Shows the same rows to the watch and to the peers.
 *
 * @param seed of all random numbers
 * @param streams of each scenario
 * @param peers nothing where there is no Python
 */
record DriftBenchmark(long seed, int streams, Optional<Peers> peers) {
  static final int QUIET_WINDOWS = 20;
  static final int WINDOWS_BEFORE = 2;
  static final int WINDOWS_AFTER = 5;

  /**
   * What came of a scenario.
   *
   * @param rate of false alarms per window that was asked for
   * @param alarms of each detector
   * @param moved the feature that moved, for each stream
   */
  record Result(Scenario scenario, double rate, List<Alarms> alarms, List<Integer> moved) {
    Result {
      alarms = List.copyOf(alarms);
      moved = List.copyOf(moved);
    }
  }

  static Scenario quiet(RowKind kind, int features) {
    DriftConfig defaults = WatchUnderTest.defaults();
    return new Scenario(
        kind,
        features,
        Shift.NONE,
        defaults.referenceRows(),
        defaults.windowRows(),
        QUIET_WINDOWS,
        0);
  }

  static Scenario shifted(RowKind kind, int features, Shift shift) {
    DriftConfig defaults = WatchUnderTest.defaults();
    return new Scenario(
        kind,
        features,
        shift,
        defaults.referenceRows(),
        defaults.windowRows(),
        WINDOWS_BEFORE,
        WINDOWS_AFTER);
  }

  /**
   * @param rate of false alarms per window that all are asked for
   */
  Result run(Scenario scenario, double rate) throws IOException {
    List<ExplainedRows> rows =
        IntStream.range(0, streams).mapToObj(i -> ExplainedRows.of(scenario, seed, i)).toList();
    List<WatchUnderTest> watches =
        rows.stream().map(some -> WatchUnderTest.over(some, rate, scenario.shiftRow())).toList();
    int windows = scenario.before() + scenario.after();
    List<Alarms> alarms = new ArrayList<>();
    alarms.add(
        new Alarms(
            "attribution",
            scenario,
            windows,
            watches.stream().map(WatchUnderTest::attribution).toList()));
    alarms.add(
        new Alarms(
            "or input", scenario, windows, watches.stream().map(WatchUnderTest::any).toList()));
    if (peers.isPresent()) {
      alarms.addAll(peers.get().alarms(scenario, rows, rate));
    }
    return new Result(scenario, rate, alarms, rows.stream().map(ExplainedRows::moved).toList());
  }
}
