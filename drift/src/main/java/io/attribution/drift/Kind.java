package io.attribution.drift;

import java.util.Locale;

/** What an alert is about. */
public enum Kind {
  /** f(e) = J(e)·e no longer holds: the deployment is broken. */
  LINEARITY_ERROR,
  /** Contributions have drifted: the data or the world moved. */
  ATTRIBUTION,
  /** The raw features have drifted: a cause of attribution drift, reported separately. */
  INPUT;

  /** The name in records and metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
