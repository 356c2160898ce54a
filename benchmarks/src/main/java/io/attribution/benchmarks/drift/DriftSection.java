package io.attribution.benchmarks.drift;

import io.attribution.benchmarks.drift.DriftBenchmark.Result;
import io.attribution.benchmarks.report.Figures;
import io.attribution.benchmarks.report.Run;
import io.attribution.benchmarks.report.Section;
import io.attribution.benchmarks.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What the page about attribution drift says.
 *
 * @param quiet scenarios without a shift
 * @param shifted scenarios with one
 * @param notes what did not run
 */
record DriftSection(List<Result> quiet, List<Result> shifted, List<String> notes) {
  DriftSection {
    quiet = List.copyOf(quiet);
    shifted = List.copyOf(shifted);
    notes = List.copyOf(notes);
  }

  Section section(Run run) {
    return new Section(
        "drift",
        "Attribution drift: false alarms, delays, names",
        run,
        List.of(),
        List.of(quietTable(), delayTable(), namesTable()),
        List.of(),
        allNotes());
  }

  private Table quietTable() {
    List<List<String>> rows = new ArrayList<>();
    for (Result result : quiet) {
      rows.add(
          row(
              List.of(
                  result.scenario().kind().description(),
                  Figures.count(result.scenario().features()),
                  Figures.of(result.rate())),
              result,
              Alarms::falseAlarms));
    }
    return new Table(
        "Nothing moves: windows with an alarm",
        columns(List.of("rows", "features", "asked for"), quiet),
        rows);
  }

  private Table delayTable() {
    return shiftTable(
        "One feature moves: windows until the alarm (found within "
            + DriftBenchmark.WINDOWS_AFTER
            + ")",
        result -> Alarms::delay);
  }

  private Table namesTable() {
    return shiftTable(
        "The same: the feature that moved is named first, wrong names beside it",
        result -> alarms -> alarms.naming(result.moved()));
  }

  private Table shiftTable(String title, Function<Result, Function<Alarms, String>> cell) {
    List<List<String>> rows = new ArrayList<>();
    for (Result result : shifted) {
      rows.add(
          row(
              List.of(
                  result.scenario().kind().description(),
                  Figures.count(result.scenario().features()),
                  result.scenario().shift().description()),
              result,
              cell.apply(result)));
    }
    return new Table(title, columns(List.of("rows", "features", "shift"), shifted), rows);
  }

  private static List<String> row(List<String> head, Result result, Function<Alarms, String> cell) {
    List<String> row = new ArrayList<>(head);
    result.alarms().stream().map(cell).forEach(row::add);
    return row;
  }

  private static List<String> columns(List<String> head, List<Result> results) {
    List<String> columns = new ArrayList<>(head);
    results.stream()
        .limit(1)
        .flatMap(result -> result.alarms().stream())
        .map(Alarms::who)
        .forEach(columns::add);
    return columns;
  }

  private List<String> allNotes() {
    List<String> all = new ArrayList<>(notes);
    all.add(
        "Rows are those of a linear encoder with one output: the contribution of feature k is its"
            + " value, of mean 0 and deviation 1, divided by √(k + 1), with its sign; with *l2*, the"
            + " default reduction, without. A row is independent of the one before, or for AR(0.5)"
            + " correlated with it. In each stream one feature, any of them, moves for good at the"
            + " end of a window: by deviations of its contribution, or they grow. All detectors"
            + " see the same rows, and the same noise for all shifts.");
    all.add(
        "*attribution*: alerts of that kind, of the application's watch with its default settings."
            + " *or input*: that, or an alert about the raw values. It judges 500 rows at a time, so"
            + " no alarm comes before a window is over; nor from ks_2samp.");
    all.add(
        "*ks_2samp, BH*: scipy's two-sample test of every feature, window against reference, adjusted"
            + " by Benjamini-Hochberg, alarm below the rate. What the watch does beyond that costs"
            + " power on independent rows: a third of the rate each for contributions, inputs and"
            + " ranges; no alarm below a distance of 0.1; only the 32 features that contribute most"
            + " to reference or window, so that of 100 most are not looked at, whatever they do.");
    all.add(
        "*KSWIN*: river's, one per feature, its last 30 rows against 30 of the 70 before; once with"
            + " 100 against 100 of 200. It tests after every row, so α is the rate / (features ·"
            + " 500). It may alarm within a window, and it forgets: who does not find a shift at once"
            + " takes it for normal. It is slow and saw fewer streams and windows: of 20 features 6"
            + " streams, of 5 all (the larger one 8), of 100 one.");
    all.add(
        "The second table is at the default rate, where chance alarms of nobody are expected but"
            + " where the first table shows them: a detector that alarms for nothing also finds"
            + " everything soon. Third table: of the alarms in the second one, how many name the"
            + " feature that moved first, and how many others they name on average.");
    return all;
  }
}
