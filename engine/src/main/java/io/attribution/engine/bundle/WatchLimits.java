package io.attribution.engine.bundle;

/**
 * Bounds the memory that the watch over attributions takes for one model: N values in the reference
 * and N in a window, each a raw value and a reduced contribution (8 bytes).
 */
public final class WatchLimits {
  /** With fewer rows hardly anything is significant. */
  public static final int FEWEST_ROWS = 50;

  /** Rows · features. */
  private static final int MOST_VALUES = 4 << 20;

  private static final int MOST_ROWS = 100_000;

  /** The most features that a model may have: D for {@link #FEWEST_ROWS} rows. */
  public static final int MOST_FEATURES = MOST_VALUES / FEWEST_ROWS;

  private WatchLimits() {}

  /** Whether the attributions of a model with D features are watched. */
  public static boolean allow(int features) {
    return features <= MOST_FEATURES;
  }

  /**
   * The most rows of a reference or a window.
   *
   * @param features D, at most {@link #MOST_FEATURES}
   */
  public static int mostRows(int features) {
    return Math.min(MOST_ROWS, MOST_VALUES / Math.max(1, features));
  }
}
