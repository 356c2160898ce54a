package io.attribution.stream.models;

/** Texts from records, shortened for messages. */
public final class Texts {
  private static final char ELLIPSIS = '…';

  private Texts() {}

  /** The text, or its first {@code longest} characters and an ellipsis. */
  public static String shortened(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    // Half of a surrogate pair is no character.
    int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
    return text.substring(0, end) + ELLIPSIS;
  }
}
