package io.attribution.stream.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Records per second: 200, 0.5, 200/s, or unlimited. */
public final class Rate implements ITypeConverter<Double> {
  private static final String PER_SECOND = "/s";

  @Override
  public Double convert(String text) {
    if (text.equals("unlimited")) {
      return Double.POSITIVE_INFINITY;
    }
    String number =
        text.endsWith(PER_SECOND) ? text.substring(0, text.length() - PER_SECOND.length()) : text;
    try {
      double rate = Double.parseDouble(number);
      if (rate > 0) {
        return rate;
      }
    } catch (NumberFormatException e) {
      // Said below, in the same words.
    }
    throw new TypeConversionException(
        "'" + text + "' is not a number of records per second above 0, nor 'unlimited'");
  }
}
