package io.attribution.stream.live;

import io.attribution.schema.DriftAlert;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The newest alerts, and which are open. */
public final class AlertBoard {
  private static final int CAPACITY = 1000;
  private static final String OPEN = "open";

  private final Ring<DriftAlert> alerts = new Ring<>(CAPACITY);

  /** What can be open once at a time. */
  private record Subject(String model, String bundle, String kind) {}

  /** Alerts in the order of their topic. */
  public Ring<DriftAlert> ring() {
    return alerts;
  }

  void add(DriftAlert alert) {
    alerts.add(alert);
  }

  /** The number of open alerts by kind; kinds without any are left out. */
  public Map<String, Integer> open() {
    Map<Subject, Boolean> open = new LinkedHashMap<>();
    for (DriftAlert alert : alerts.all()) {
      open.put(
          new Subject(alert.getModel(), alert.getBundle(), alert.getKind()),
          alert.getState().equals(OPEN));
    }
    Map<String, Integer> kinds = new TreeMap<>();
    open.forEach(
        (subject, isOpen) -> {
          if (isOpen) {
            kinds.merge(subject.kind(), 1, Integer::sum);
          }
        });
    return kinds;
  }
}
