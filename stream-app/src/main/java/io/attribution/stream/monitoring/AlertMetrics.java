package io.attribution.stream.monitoring;

import io.attribution.drift.Alert;
import io.attribution.drift.Kind;
import io.attribution.drift.ModelKey;
import io.attribution.stream.topology.AlertListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The alerts that this instance holds open. A repeated alert counts once. Models that are not
 * loaded are ignored, so that labels stay bounded.
 */
public final class AlertMetrics implements AlertListener {
  private final Map<Subject, Meters> meters = new HashMap<>();

  private record Subject(String model, String kind) {}

  /**
   * Counters of a model and kind.
   *
   * @param open versions with an open alert: resolving that of an old version leaves that of a new
   *     one open
   */
  private record Meters(Set<ModelKey> open, Counter opened, Counter resolved) {
    void tell(ModelKey model, boolean isOpen) {
      if (isOpen && open.add(model)) {
        opened.increment();
      } else if (!isOpen && open.remove(model)) {
        resolved.increment();
      }
    }
  }

  AlertMetrics(MeterRegistry registry, List<String> models) {
    for (String model : models) {
      for (Kind kind : Kind.values()) {
        meters.put(new Subject(model, kind.label()), meters(registry, model, kind.label()));
      }
    }
  }

  private static Meters meters(MeterRegistry registry, String model, String kind) {
    Set<ModelKey> open = ConcurrentHashMap.newKeySet();
    Gauge.builder(MetricNames.ALERT_OPEN, open, models -> models.isEmpty() ? 0 : 1)
        .description("1 while an alert is open")
        .tag(MetricNames.MODEL, model)
        .tag(MetricNames.KIND, kind)
        .register(registry);
    return new Meters(
        open, counter(registry, model, kind, "open"), counter(registry, model, kind, "resolved"));
  }

  private static Counter counter(MeterRegistry registry, String model, String kind, String state) {
    return Counter.builder(MetricNames.ALERTS)
        .description("Alerts that were opened and resolved")
        .tag(MetricNames.MODEL, model)
        .tag(MetricNames.KIND, kind)
        .tag(MetricNames.STATE, state)
        .register(registry);
  }

  @Override
  public void changed(Alert alert) {
    Meters found = meters.get(new Subject(alert.model().name(), alert.alarm().kind().label()));
    if (found != null) {
      found.tell(alert.model(), alert.open());
    }
  }

  /** The alert stays open, but another instance reports it now. */
  @Override
  public void forget(ModelKey model, Kind kind) {
    Meters found = meters.get(new Subject(model.name(), kind.label()));
    if (found != null) {
      found.open().remove(model);
    }
  }
}
