package io.attribution.benchmarks.measure;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as tables show them: three significant digits, thousands grouped. */
public final class Figures {
  private static final double GROUPED_FROM = 1000;
  private static final double SMALLEST = 1e-3;

  private Figures() {}

  /** Such as 0.0123, 1.50, 12.3, 123, 12,300. */
  public static String of(double value) {
    double size = Math.abs(value);
    if (!Double.isFinite(value)) {
      return "–";
    }
    if (size >= GROUPED_FROM) {
      return String.format(Locale.ROOT, "%,d", Math.round(value));
    }
    if (size < SMALLEST) {
      return size == 0 ? "0" : String.format(Locale.ROOT, "%.2e", value);
    }
    int decimals = (int) Math.max(0, 2 - Math.floor(Math.log10(size)));
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** A whole number, such as 64 or 20,000. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** For a chart: three significant digits, no grouping and no exponent. */
  static String plain(double value) {
    return new BigDecimal(value).round(new MathContext(3)).toPlainString();
  }

  /** A duration with the unit that suits it. */
  public static String seconds(double seconds) {
    if (seconds < 1e-6) {
      return of(seconds * 1e9) + " ns";
    }
    if (seconds < 1e-3) {
      return of(seconds * 1e6) + " µs";
    }
    return seconds < 1 ? of(seconds * 1e3) + " ms" : of(seconds) + " s";
  }
}
