package io.attribution.stream.models;

/** Texts that records bring along, for messages about them. */
public final class Texts {
  private static final char ELLIPSIS = '…';

  private Texts() {}

  /** The text, or its beginning where it has more than so many characters. */
  public static String shortened(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    // Half of a surrogate pair is no character.
    int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
    return text.substring(0, end) + ELLIPSIS;
  }
}
