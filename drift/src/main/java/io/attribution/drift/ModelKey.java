package io.attribution.drift;

/**
 * Identifies a watched model. Another version, or other files, are another model.
 *
 * @param fingerprint SHA-256 of the bundle's files
 */
public record ModelKey(String name, String version, String fingerprint) {
  /** Longer than the pauses of a version during a rolling upgrade, while both are in use. */
  private static final long GONE_AFTER_MILLIS = 60_000;

  /**
   * Whether this model replaced another one of the same name.
   *
   * @param silentMillis time since the other one's latest record, in event time
   */
  public boolean replaces(ModelKey other, long silentMillis) {
    return name.equals(other.name) && !equals(other) && silentMillis > GONE_AFTER_MILLIS;
  }

  /** Name and version, for messages. */
  public String label() {
    return name + " " + version;
  }
}
