package io.attribution.local;

/** What the way to the registry does. */
public enum RegistryMode {
  /** Passes on. */
  OK,
  /** Refuses connections. */
  DOWN,
  /** Accepts connections and never answers. */
  HANGING,
  /** Answers 500, in the registry's own format. */
  ERROR_500,
  /** Answers 401. */
  UNAUTHORIZED,
  /** Answers 200 with a page, as a proxy's login does. */
  HTML
}
