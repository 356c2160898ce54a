package io.attribution.demo;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the demonstration breaks on purpose, and the alert that has to come of it. */
public enum Injection {
  BIAS("linearity_error", "bias_present"),
  MEAN("linearity_error", "mean_not_subtracted"),
  DETACH("linearity_error", "variance_not_detached"),
  SHIFT("attribution", "");

  private final String kind;
  private final String cause;

  Injection(String kind, String cause) {
    this.kind = kind;
    this.cause = cause;
  }

  /**
   * @throws IllegalArgumentException for a name that is none
   */
  public static Injection of(String label) {
    return Arrays.stream(values())
        .filter(injection -> injection.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'" + label + "' is no fault; choose one of " + labels()));
  }

  private static String labels() {
    return Arrays.stream(values()).map(Injection::label).collect(Collectors.joining(", "));
  }

  /** The name on the command line, and of the folder with the broken bundle. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the encoder is broken, not the data. */
  boolean isInTheModel() {
    return this != SHIFT;
  }

  /** Whether this alert is the one that the fault has to bring. */
  boolean explains(AlertSeen alert) {
    return alert.kind().equals(kind) && alert.cause().orElse("").equals(cause);
  }

  /** Whether this alert is about something that is not broken. */
  boolean contradicts(AlertSeen alert) {
    boolean linearity = alert.kind().equals("linearity_error");
    return isInTheModel() != linearity;
  }
}
