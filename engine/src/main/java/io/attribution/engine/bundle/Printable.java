package io.attribution.engine.bundle;

import java.util.OptionalInt;

/**
 * Text that others wrote, made fit for one line of a message: on a terminal, in a log, in a
 * document. What steers a terminal or turns the direction of reading is written as {@code \}{@code
 * u001b}; what is long is shortened.
 */
public final class Printable {
  /** Far beyond any message; the decisive words of a library may come last. */
  private static final int LONGEST_MESSAGE = 2000;

  private static final int LONGEST_EXCERPT = 100;

  /** The direction of reading: embeddings, overrides and isolates. */
  private static final String DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069";

  private Printable() {}

  /** A message: at most 2,000 characters before escaping, its beginning and its end. */
  public static String message(String text) {
    return escaped(shortened(text, LONGEST_MESSAGE));
  }

  /** A part of a message, such as a name: at most 100 characters before escaping. */
  public static String excerpt(String text) {
    return escaped(shortened(text, LONGEST_EXCERPT));
  }

  private static String shortened(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = longest / 4;
    String left = " … (" + (text.length() - longest) + " characters left out) … ";
    return text.substring(0, longest - end) + left + text.substring(text.length() - end);
  }

  private static String escaped(String text) {
    if (firstUnprintable(text).isEmpty()) {
      return text;
    }
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (isPrintable(c)) {
                line.appendCodePoint(c);
              } else {
                line.append(String.format("\\u%04x", c));
              }
            });
    return line.toString();
  }

  /** Where the first character is that a message would escape. */
  static OptionalInt firstUnprintable(String text) {
    int at = 0;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      if (!isPrintable(c)) {
        return OptionalInt.of(at);
      }
      at += Character.charCount(c);
    }
    return OptionalInt.empty();
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> DIRECTIONS.indexOf(c) < 0;
    };
  }
}
