package io.attribution.stream.csv;

import io.attribution.engine.bundle.Printable;

/**
 * Finite decimal float32 numbers. Java's own grammar also takes suffixes (1f), hexadecimal (0x1p3),
 * NaN and Infinity, which other readers of the same file refuse.
 */
final class DecimalFloat {
  private DecimalFloat() {}

  /**
   * @throws NumberFormatException when the text is not such a number; the message says why
   */
  static float parse(String text) {
    String digits = text.strip();
    if (digits.isEmpty()) {
      throw new NumberFormatException("is empty");
    }
    float value = isDecimal(digits) ? parseDecimal(digits, text) : notANumber(text);
    if (Float.isInfinite(value)) {
      throw new NumberFormatException(
          "'"
              + Printable.excerpt(text)
              + "' is beyond float32, whose largest number is "
              + Float.MAX_VALUE);
    }
    return value;
  }

  private static float parseDecimal(String digits, String text) {
    try {
      return Float.parseFloat(digits);
    } catch (NumberFormatException e) {
      return notANumber(text);
    }
  }

  private static float notANumber(String text) {
    throw new NumberFormatException(
        "'" + Printable.excerpt(text) + "' is not a finite decimal number");
  }

  private static boolean isDecimal(String digits) {
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if ((c < '0' || c > '9') && "+-.eE".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }
}
