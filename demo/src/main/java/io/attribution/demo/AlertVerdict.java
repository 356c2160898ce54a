package io.attribution.demo;

import io.attribution.stream.terminal.Line;
import io.attribution.stream.terminal.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the right alert was raised, and the wrong ones stayed quiet. */
final class AlertVerdict {
  private AlertVerdict() {}

  /**
   * @param injected what was broken on purpose; nothing when all is well
   */
  static List<String> problems(List<AlertSeen> alerts, Optional<Injection> injected) {
    List<String> problems = new ArrayList<>();
    if (injected.isPresent() && alerts.stream().noneMatch(injected.get()::explains)) {
      problems.add("'" + injected.get().label() + "' was injected, and no alert says so");
    }
    alerts.stream()
        .filter(AlertSeen::open)
        .filter(alert -> contradicts(alert, injected))
        .map(alert -> "an alert about what was not broken: " + alert.message())
        .forEach(problems::add);
    return problems;
  }

  private static boolean contradicts(AlertSeen alert, Optional<Injection> injected) {
    return injected.isPresent()
        ? injected.get().contradicts(alert)
        : alert.kind().equals("linearity_error");
  }

  /** An alert in few words; its message was told when it came. */
  static String brief(AlertSeen alert) {
    String cause = alert.cause().map(known -> ", cause " + known).orElse("");
    return alert.open()
        ? alert.kind() + " open, " + alert.severity() + cause
        : alert.kind() + " resolved";
  }

  /** An alert in one line. */
  static Line line(AlertSeen alert) {
    String cause = alert.cause().map(known -> ", probable cause " + known).orElse("");
    return alert.open()
        ? Line.of(Style.RED, "ALERT")
            .add("  ")
            .add(Style.BOLD, alert.severity() + " " + alert.kind() + cause)
            .add("  " + alert.message())
        : Line.of(Style.GREEN, "ALERT")
            .add("  ")
            .add(Style.BOLD, alert.kind())
            .add("  " + alert.message());
  }
}
