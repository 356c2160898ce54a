package io.attribution.drift;

import java.util.Locale;

/** In rising order. */
public enum Severity {
  /** Something moved, or begins to go wrong. */
  WARNING,
  /** Explanations do not add up, or (attribution drift) other features matter than before. */
  CRITICAL;

  /** The name in records and metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
