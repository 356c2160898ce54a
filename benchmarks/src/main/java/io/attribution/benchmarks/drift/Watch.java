package io.attribution.benchmarks.drift;

import io.attribution.benchmarks.drift.Alarms.Alarm;
import io.attribution.drift.Alert;
import io.attribution.drift.AttributionPolicy;
import io.attribution.drift.AttributionWatch;
import io.attribution.drift.FeatureMove;
import io.attribution.drift.Kind;
import io.attribution.drift.ModelKey;
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
 * The application's watch over attributions, the only class here that knows it: with its default
 * settings, but for the rate of false alarms.
 *
 * @param attribution alarms about attributions
 * @param any alarms about attributions, or about inputs alone
 */
record Watch(List<Alarm> attribution, List<Alarm> any) {
  static final DriftConfig DEFAULTS =
      ConfigLoader.of(Map.of("bundles", "none", "bootstrap.servers", "none:1"), "bench").drift();

  /**
   * Shows a stream to the watch. After an alarm a new watch begins with the same reference, so that
   * each window is judged by itself; the first alarm about attributions after the shift is the
   * last.
   *
   * @param rate of false alarms per window
   */
  static Watch over(Scenario scenario, List<SampleRow> rows, double rate) {
    Watch alarms = new Watch(new ArrayList<>(), new ArrayList<>());
    AttributionWatch watch = watch(scenario.features(), rate);
    for (int row = 0; row < scenario.rows(); row++) {
      watch.add(rows.get(row));
      if (watch.isDue()) {
        List<Alert> alerts = watch.judge();
        if (alarms.note(alerts, row + 1) && row >= scenario.shiftRow()) {
          break;
        }
        if (!alerts.isEmpty()) {
          watch = watch(scenario.features(), rate);
          rows.subList(0, Scenario.REFERENCE).forEach(watch::add);
        }
      }
    }
    return alarms;
  }

  private static AttributionWatch watch(int features, double rate) {
    return new AttributionWatch(
        new ModelKey("bench", "1", "0"),
        new WatchedModel(IntStream.range(0, features).mapToObj(k -> "f" + k).toList(), List.of()),
        new AttributionPolicy(
            new Reduction.L2().label(),
            DEFAULTS.referenceRows(),
            DEFAULTS.windowRows(),
            DEFAULTS.minimumRankingGain(),
            rate,
            DEFAULTS.resolveAfter()));
  }

  /** Whether there was an alarm about attributions. */
  private boolean note(List<Alert> alerts, int rows) {
    Optional<Alert> about =
        alerts.stream().filter(a -> a.alarm().kind() == Kind.ATTRIBUTION).findFirst();
    about.ifPresent(alert -> attribution.add(alarm(alert, rows)));
    about.or(() -> alerts.stream().findFirst()).ifPresent(alert -> any.add(alarm(alert, rows)));
    return about.isPresent();
  }

  private static Alarm alarm(Alert alert, int rows) {
    return new Alarm(
        rows, alert.alarm().features().stream().map(FeatureMove::index).distinct().toList());
  }
}
