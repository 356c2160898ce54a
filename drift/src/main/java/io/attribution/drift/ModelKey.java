package io.attribution.drift;

/**
 * The model that is watched. Another version, or other files, are another model.
 *
 * @param fingerprint SHA-256 of the bundle's files
 */
public record ModelKey(String name, String version, String fingerprint) {
  /** Longer than a rolling upgrade has both versions at work, one record here and one there. */
  private static final long GONE_AFTER_MILLIS = 60_000;

  /**
   * Whether this one took over from another of the same name.
   *
   * @param silentMillis for how long nothing was heard of the other, in event time
   */
  public boolean replaces(ModelKey other, long silentMillis) {
    return name.equals(other.name) && !equals(other) && silentMillis > GONE_AFTER_MILLIS;
  }

  /** For people. */
  public String label() {
    return name + " " + version;
  }
}
