package io.attribution.demo;

import io.attribution.schema.DriftAlert;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the demonstration breaks on purpose, and the alert that must follow. */
enum Injection {
  BIAS(Injection.LINEARITY, "bias_present"),
  MEAN(Injection.LINEARITY, "mean_not_subtracted"),
  DETACH(Injection.LINEARITY, "variance_not_detached"),
  SHIFT("attribution", "");

  private static final String LINEARITY = "linearity_error";

  private final String kind;
  private final String cause;

  Injection(String kind, String cause) {
    this.kind = kind;
    this.cause = cause;
  }

  /**
   * @throws IllegalArgumentException for an unknown name
   */
  static Injection of(String label) {
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

  /** Whether this alert is the one that must follow. */
  boolean explains(DriftAlert alert) {
    return alert.getKind().equals(kind)
        && Optional.ofNullable(alert.getProbableCause()).orElse("").equals(cause);
  }

  /**
   * What is wrong with a run's alerts, a line each: the expected one is missing, or one is about
   * something that is not broken.
   *
   * @param injected what was broken on purpose
   */
  static List<String> problems(List<DriftAlert> alerts, Optional<Injection> injected) {
    List<String> problems = new ArrayList<>();
    injected
        .filter(injection -> alerts.stream().noneMatch(injection::explains))
        .ifPresent(
            missed ->
                problems.add("'" + missed.label() + "' was injected, but no alert reports it"));
    alerts.stream()
        .filter(Injection::isOpen)
        .filter(alert -> isUnexpected(alert, injected))
        .map(alert -> "an unexpected alert: " + alert.getMessage())
        .forEach(problems::add);
    return problems;
  }

  /** Without an injection, only a linearity error is unexpected: data may drift by chance. */
  private static boolean isUnexpected(DriftAlert alert, Optional<Injection> injected) {
    boolean linearity = alert.getKind().equals(LINEARITY);
    return injected.map(injection -> injection.isInTheModel() != linearity).orElse(linearity);
  }

  /** Whether it opened or got worse; otherwise it was resolved. */
  static boolean isOpen(DriftAlert alert) {
    return alert.getState().equals("open");
  }
}
