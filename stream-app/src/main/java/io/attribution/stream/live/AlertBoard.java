package io.attribution.stream.live;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The newest alerts, and which are open. */
public final class AlertBoard {
  private static final int KEPT = 1000;

  private final Ring<Alert> alerts = new Ring<>(KEPT);

  /** Alerts as they came. */
  public Ring<Alert> ring() {
    return alerts;
  }

  void add(Alert alert) {
    alerts.add(alert);
  }

  /** How many are open, by kind; kinds without any are left out. */
  public Map<String, Integer> open() {
    Map<Alert.Subject, Boolean> open = new LinkedHashMap<>();
    alerts.all().forEach(alert -> open.put(alert.subject(), alert.isOpen()));
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
