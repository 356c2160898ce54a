package io.attribution.engine.method;

import java.util.Locale;

/** Where the path of integrated gradients starts, in raw features. */
public enum Baseline {
  /** The bundle's mean: u = 0, since contributions are of x − mean. */
  MEAN,

  /** Every raw feature is 0. */
  ZEROS;

  /**
   * The baseline of a name in configuration.
   *
   * @throws IllegalArgumentException for a name that no baseline has
   */
  public static Baseline of(String label) {
    for (Baseline baseline : values()) {
      if (baseline.label().equals(label)) {
        return baseline;
      }
    }
    throw new IllegalArgumentException("'" + label + "' is no baseline; choose mean or zeros");
  }

  /** The name in configuration. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
