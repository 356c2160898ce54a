package io.attribution.benchmarks.report;

/**
 * A figure that this project stands for, and what was measured.
 *
 * @param figure what it is
 * @param measured in the unit of the limit
 * @param bound which side of the limit is good
 * @param limit what it is held to
 * @param unit such as ms; empty for a ratio
 */
public record Claim(String figure, double measured, Bound bound, double limit, String unit) {

  /** Which side of a limit is good. */
  public enum Bound {
    AT_LEAST,
    AT_MOST,
    BELOW
  }

  public static Claim atLeast(String figure, double measured, double limit) {
    return new Claim(figure, measured, Bound.AT_LEAST, limit, "");
  }

  /** Whether it holds; never for a figure that is not a number. */
  boolean holds() {
    return switch (bound) {
      case AT_LEAST -> measured >= limit;
      case AT_MOST -> measured <= limit;
      case BELOW -> measured < limit;
    };
  }

  /** The limit as people write it. */
  String requirement() {
    String sign =
        switch (bound) {
          case AT_LEAST -> "≥ ";
          case AT_MOST -> "≤ ";
          case BELOW -> "< ";
        };
    return sign + Figures.withUnit(limit, unit);
  }
}
