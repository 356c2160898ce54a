package io.attribution.stream.terminal;

/** Horizontal bars, exact to an eighth of a character where the font allows it. */
public final class Bars {
  private static final String EIGHTHS = " ▏▎▍▌▋▊▉";
  private static final int PARTS = 8;

  private Bars() {}

  /** A bar that fills a share (0 to 1) of the columns; the rest is a light track. */
  public static String progress(double share, int columns) {
    int full = (int) Math.floor(clamp(share) * columns);
    return "█".repeat(full) + "░".repeat(columns - full);
  }

  /**
   * A bar that grows to the right from the axis for positive values and to the left for negative
   * ones. A value that is not 0 is never invisible.
   *
   * @param value in proportion to the scale; beyond it the bar stays full
   * @param scale the value of a full half, more than 0
   * @param half columns on each side of the axis
   * @return 2 · half + 1 characters
   */
  public static String signed(double value, double scale, int half) {
    int eighths = (int) Math.round(clamp(Math.abs(value) / scale) * half * PARTS);
    if (value != 0) {
      eighths = Math.max(1, eighths);
    }
    return value < 0
        ? leftward(eighths, half) + "│" + " ".repeat(half)
        : " ".repeat(half) + "│" + rightward(eighths, half);
  }

  private static String rightward(int eighths, int columns) {
    String full = "█".repeat(eighths / PARTS);
    String part =
        eighths % PARTS == 0 ? "" : EIGHTHS.substring(eighths % PARTS, eighths % PARTS + 1);
    return full + part + " ".repeat(columns - full.length() - part.length());
  }

  /** Unicode has no eighths that start at the right, only the half and the eighth. */
  private static String leftward(int eighths, int columns) {
    int rest = eighths % PARTS;
    String full = "█".repeat(eighths / PARTS + (rest >= 6 ? 1 : 0));
    String part = rest == 0 || rest >= 6 ? "" : rest >= 3 ? "▐" : "▕";
    return " ".repeat(columns - full.length() - part.length()) + part + full;
  }

  private static double clamp(double share) {
    return Math.max(0, Math.min(1, share));
  }
}
