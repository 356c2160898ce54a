package io.attribution.demo;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
final class Figures {
  private Figures() {}

  /** Four digits or so, with its sign. */
  static String signed(double value) {
    return format("%+." + decimals(value) + "f", value);
  }

  /** Four digits or so. */
  static String plain(double value) {
    return format("%." + decimals(value) + "f", value);
  }

  private static int decimals(double value) {
    double magnitude = Math.abs(value);
    if (magnitude >= 100) {
      return magnitude >= 1000 ? 0 : 1;
    }
    return magnitude >= 10 ? 2 : 3;
  }

  /** A raw feature as its file says it. */
  static String exact(float value) {
    return value == Math.rint(value) && Math.abs(value) < 1e7
        ? Integer.toString((int) value)
        : Float.toString(value);
  }

  /** An error, whose order of magnitude counts. */
  static String error(double value) {
    return value == 0 ? "0" : format("%.1e", value);
  }

  static String count(long count) {
    return format("%,d", count);
  }

  static String perSecond(double rate) {
    return rate < 10 ? format("%.1f/s", rate) : format("%,.0f/s", rate);
  }

  static String seconds(Duration duration) {
    return format("%.1f s", duration.toNanos() / 1e9);
  }

  /** Below a second in milliseconds. */
  static String latency(long millis) {
    return millis < 1000 ? millis + " ms" : format("%.1f s", millis / 1e3);
  }

  /** 1:02:03 or 2:03. */
  static String clock(Duration duration) {
    return duration.toHours() > 0
        ? format(
            "%d:%02d:%02d", duration.toHours(), duration.toMinutesPart(), duration.toSecondsPart())
        : format("%d:%02d", duration.toMinutes(), duration.toSecondsPart());
  }

  /** "1 record", "2 records". */
  static String counted(long count, String noun) {
    return count(count) + " " + noun + (count == 1 ? "" : "s");
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
