package io.attribution.drift;

import java.util.Locale;

/** How bad it is, in rising order. */
public enum Severity {
  /** Something moved; explanations are still what they claim to be. */
  WARNING,
  /** Explanations cannot be trusted. */
  CRITICAL;

  /** The name in records and metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
