package io.attribution.drift;

import java.util.Locale;

/** What an alert is about. */
public enum Kind {
  /** f(e) and J(e)·e have come apart: the deployment is broken. */
  LINEARITY_ERROR,
  /** Contributions are not what they were: the data or the world moved. */
  ATTRIBUTION,
  /** The raw features are not what they were; a cause of attribution drift, seen by itself. */
  INPUT;

  /** The name in records and metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
