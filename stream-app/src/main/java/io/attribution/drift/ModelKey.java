package io.attribution.drift;

/**
 * The model that is watched. Another version, or other files, are another model.
 *
 * @param fingerprint SHA-256 of the bundle's files
 */
public record ModelKey(String name, String version, String fingerprint) {
  /** For people. */
  public String label() {
    return name + " " + version;
  }
}
