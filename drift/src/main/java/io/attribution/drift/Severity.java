package io.attribution.drift;

import java.util.Locale;

/** How bad it is, in rising order. */
public enum Severity {
  /** Something moved, or begins to go wrong. */
  WARNING,
  /** Explanations do not add up; or other features matter than did, and explanations are right. */
  CRITICAL;

  /** The name in records and metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
