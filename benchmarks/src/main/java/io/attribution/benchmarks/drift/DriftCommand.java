package io.attribution.benchmarks.drift;

import io.attribution.benchmarks.drift.DriftBenchmark.Result;
import io.attribution.benchmarks.report.Destination;
import io.attribution.benchmarks.report.Figures;
import io.attribution.benchmarks.report.Simulated;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench drift}. */
@Command(
    name = "drift",
    description =
        "False alarms and delays of the watch over attributions in simulated streams, and whether it"
            + " names the feature that moved.")
public final class DriftCommand implements Callable<Integer> {
  private static final int USUAL_FEATURES = 20;
  private static final int[] OTHER_FEATURES = {5, 100};
  private static final List<Shift> SHIFTS =
      List.of(
          Shift.mean(0.25),
          Shift.mean(0.5),
          Shift.mean(1),
          Shift.mean(2),
          Shift.scale(1.5),
          Shift.scale(3));

  @Mixin private Destination destination;

  @Option(
      names = "--streams",
      defaultValue = "20",
      description =
          "Streams of each kind, each with a reference of its own. Default: ${DEFAULT-VALUE}.")
  private int streams;

  @Option(
      names = "--rate",
      defaultValue = "0.01",
      description =
          "False alarms per window that are asked for, beside the application's default, where none"
              + " can be expected in a short run. Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Mixin private Simulated simulated;

  @Override
  public Integer call() throws IOException {
    double usual = WatchUnderTest.defaults().falseAlarmRate();
    DriftBenchmark benchmark =
        new DriftBenchmark(
            simulated.seed(),
            streams,
            simulated
                .python()
                .map(
                    interpreter ->
                        new Peers(
                            interpreter,
                            destination.home().resolve("benchmarks/peers/drift_peer.py"))));
    List<Result> quiet = new ArrayList<>();
    List<Result> shifted = new ArrayList<>();
    for (Rows rows : rows()) {
      destination.say(rows.kind().description() + ", " + rows.features() + " features");
      for (double asked : new double[] {usual, rate}) {
        quiet.add(benchmark.run(DriftBenchmark.quiet(rows.kind(), rows.features()), asked));
      }
      for (Shift shift : SHIFTS) {
        destination.say("  " + shift.description());
        shifted.add(
            benchmark.run(DriftBenchmark.shifted(rows.kind(), rows.features(), shift), usual));
      }
    }
    List<String> notes =
        simulated.python().isEmpty() ? List.of("Peers did not run: no `--python`.") : List.of();
    destination.writeApart(
        run -> new DriftSection(quiet, shifted, notes).section(run), settings(usual));
    return 0;
  }

  /** What is simulated. */
  private record Rows(RowKind kind, int features) {}

  private static List<Rows> rows() {
    List<Rows> rows = new ArrayList<>();
    for (RowKind kind : RowKind.values()) {
      rows.add(new Rows(kind, USUAL_FEATURES));
    }
    for (int features : OTHER_FEATURES) {
      rows.add(new Rows(RowKind.NORMAL, features));
    }
    return rows;
  }

  private Map<String, String> settings(double usual) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("seed", String.valueOf(simulated.seed()));
    settings.put("streams of each kind", String.valueOf(streams));
    settings.put(
        "reference, window",
        Figures.count(WatchUnderTest.defaults().referenceRows())
            + " and "
            + Figures.count(WatchUnderTest.defaults().windowRows())
            + " rows, the defaults");
    settings.put("false alarms per window, by default", Figures.of(usual));
    return settings;
  }
}
