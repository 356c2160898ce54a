package io.attribution.monitoring;

import io.attribution.topology.AlertListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which alerts this instance holds open. An alert that is told again counts once. Models and kinds
 * that nobody knows are passed over: labels are bounded.
 */
public final class AlertMetrics implements AlertListener {
  private static final List<String> KINDS = List.of("linearity_error", "attribution", "input");

  private final Map<Subject, Meters> meters = new HashMap<>();

  private record Subject(String model, String kind) {}

  private record Meters(AtomicInteger open, Counter opened, Counter resolved) {}

  AlertMetrics(MeterRegistry registry, List<String> models) {
    for (String model : models) {
      for (String kind : KINDS) {
        meters.put(new Subject(model, kind), meters(registry, model, kind));
      }
    }
  }

  private static Meters meters(MeterRegistry registry, String model, String kind) {
    AtomicInteger open = new AtomicInteger();
    Gauge.builder(MetricNames.ALERT_OPEN, open, AtomicInteger::get)
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
  public void opened(String model, String kind) {
    Meters found = meters.get(new Subject(model, kind));
    if (found != null && found.open().getAndSet(1) == 0) {
      found.opened().increment();
    }
  }

  @Override
  public void resolved(String model, String kind) {
    Meters found = meters.get(new Subject(model, kind));
    if (found != null && found.open().getAndSet(0) == 1) {
      found.resolved().increment();
    }
  }
}
