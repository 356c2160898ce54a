package io.attribution.stream.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;

/** A number as the page writes it, and how exactly it writes it. */
record Shown(double value, double halfStep) {
  /** Sums are made in another order in a batch of another size. */
  private static final double ROUNDING = 1e-5;

  /**
   * @param text such as −0.124, +1,284 or 5.5e-7
   * @throws NumberFormatException when it is no number
   */
  static Shown of(String text) {
    BigDecimal number =
        new BigDecimal(text.strip().replace('\u2212', '-').replace("+", "").replace(",", ""));
    return new Shown(number.doubleValue(), 0.5 * Math.pow(10, -number.scale()));
  }

  /** It is this number, as far as it is written out. */
  void assertIs(String what, double expected) {
    assertThat(value).as(what).isCloseTo(expected, within(halfStep + ROUNDING));
  }
}
