package io.attribution.benchmarks.drift;

import io.attribution.drift.Alert;
import io.attribution.drift.AttributionPolicy;
import io.attribution.drift.AttributionWatch;
import io.attribution.drift.FeatureMove;
import io.attribution.drift.Kind;
import io.attribution.drift.ModelKey;
import io.attribution.drift.Origin;
import io.attribution.drift.SampleRow;
import io.attribution.drift.WatchedModel;
import io.attribution.engine.reduction.Reduction;
import io.attribution.stream.config.ConfigLoader;
import io.attribution.stream.config.DriftConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * All that this benchmark knows of the application's watch over attributions: with the settings
 * that it has by default, but for the rate of false alarms.
 */
final class WatchUnderTest {
  private static final DriftConfig DEFAULTS =
      ConfigLoader.of(Map.of("bundles", "none", "bootstrap.servers", "none:1"), "bench").drift();

  private static final ModelKey MODEL = new ModelKey("bench", "1", "0");

  /** 50 rows per second, the default. */
  private static final long MILLIS_PER_ROW = 20;

  private final List<Named> attribution = new ArrayList<>();
  private final List<Named> any = new ArrayList<>();

  private WatchUnderTest() {}

  static DriftConfig defaults() {
    return DEFAULTS;
  }

  /**
   * Shows the rows to a watch. After an alarm a new one begins with the same reference, so that
   * every window is judged by itself; after the first about attributions from a row on it ends.
   *
   * @param rate of false alarms per window
   */
  static WatchUnderTest over(ExplainedRows rows, double rate, int endsFrom) {
    WatchUnderTest test = new WatchUnderTest();
    int features = rows.features(0).length;
    AttributionWatch watch = watch(features, rate);
    for (int row = 0; row < rows.rows(); row++) {
      watch.add(sample(rows, row));
      if (watch.isDue() && test.note(watch.judge(), row + 1)) {
        if (row >= endsFrom && last(test.attribution) == row + 1) {
          break;
        }
        watch = watch(features, rate);
        for (int i = 0; i < DEFAULTS.referenceRows(); i++) {
          watch.add(sample(rows, i));
        }
      }
    }
    return test;
  }

  private static AttributionWatch watch(int features, double rate) {
    return new AttributionWatch(
        MODEL,
        new WatchedModel(IntStream.range(0, features).mapToObj(k -> "f" + k).toList(), List.of()),
        new AttributionPolicy(
            new Reduction.L2().label(),
            DEFAULTS.referenceRows(),
            DEFAULTS.windowRows(),
            DEFAULTS.minimumRankingGain(),
            rate,
            DEFAULTS.resolveAfter()));
  }

  private static SampleRow sample(ExplainedRows rows, int row) {
    Origin origin = new Origin("bench", 0, row);
    return new SampleRow(origin, MILLIS_PER_ROW * row, rows.features(row), rows.reduced(row));
  }

  /** Whether there was an alarm. */
  private boolean note(List<Alert> alerts, int rows) {
    Optional<Alert> about = alerts.stream().filter(a -> kind(a) == Kind.ATTRIBUTION).findFirst();
    about.ifPresent(alert -> attribution.add(named(alert, rows)));
    about.or(() -> alerts.stream().findFirst()).ifPresent(alert -> any.add(named(alert, rows)));
    return !alerts.isEmpty();
  }

  private static Kind kind(Alert alert) {
    return alert.alarm().kind();
  }

  private static Named named(Alert alert, int rows) {
    return new Named(
        rows, alert.alarm().features().stream().map(FeatureMove::index).distinct().toList());
  }

  private static int last(List<Named> alarms) {
    return alarms.isEmpty() ? 0 : alarms.get(alarms.size() - 1).rows();
  }

  /** Alarms about attributions. */
  List<Named> attribution() {
    return List.copyOf(attribution);
  }

  /** Alarms about attributions, or about inputs alone. */
  List<Named> any() {
    return List.copyOf(any);
  }
}
