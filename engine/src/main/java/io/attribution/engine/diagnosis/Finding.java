package io.attribution.engine.diagnosis;

import java.util.Locale;
import java.util.Optional;

/**
 * What a diagnosis came to.
 *
 * @param cause empty when nothing is wrong, or when the evidence fits several causes or none
 * @param explanation one sentence for the person on call, with what was measured
 */
public record Finding(Optional<Cause> cause, String explanation) {

  static Finding of(Cause cause, String format, Object... measured) {
    return new Finding(Optional.of(cause), String.format(Locale.ROOT, format, measured));
  }

  static Finding unknown(String format, Object... measured) {
    return new Finding(Optional.empty(), String.format(Locale.ROOT, format, measured));
  }
}
