package io.attribution.engine.runtime;

import java.util.Locale;

/** What the layers engine computes in. Results are float32 either way. */
public enum Precision {
  FLOAT32,

  /**
   * For audits: errors of rounding shrink from some 1e-6 to some 1e-15, at a fraction of the speed.
   */
  FLOAT64;

  /**
   * @param label float32 or float64
   * @throws IllegalArgumentException for any other label
   */
  public static Precision of(String label) {
    for (Precision precision : values()) {
      if (precision.label().equals(label)) {
        return precision;
      }
    }
    throw new IllegalArgumentException(
        "'" + label + "' is no precision; choose float32 or float64");
  }

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
