package io.attribution.engine.diagnosis;

import java.util.Locale;
import java.util.Optional;

/**
 * The result of a diagnosis.
 *
 * @param cause empty when nothing is wrong, or when the evidence fits several causes or none
 * @param explanation one sentence for the person on call, with what was measured
 */
public record Finding(Optional<Cause> cause, String explanation) {
  /** Where the compiled encoder was found wrong while it ran, and was replaced. */
  public static final Finding FALLBACK =
      of(
          Cause.ENGINES_DISAGREE,
          "The compiled encoder differed from its layers computed one by one, which have taken over:"
              + " results before that may be wrong");

  /**
   * A cause with its evidence.
   *
   * @param format the explanation, as in {@link String#format}
   */
  public static Finding of(Cause cause, String format, Object... measured) {
    return new Finding(Optional.of(cause), String.format(Locale.ROOT, format, measured));
  }

  /**
   * No cause, and what was seen.
   *
   * @param format the explanation, as in {@link String#format}
   */
  public static Finding unknown(String format, Object... measured) {
    return new Finding(Optional.empty(), String.format(Locale.ROOT, format, measured));
  }
}
