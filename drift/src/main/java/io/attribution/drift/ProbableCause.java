package io.attribution.drift;

import java.util.Optional;

/**
 * Why f(e) and J(e)·e came apart, as far as one can tell.
 *
 * @param cause label of the probable cause; nothing when it is unknown
 * @param explanation one sentence with the evidence; empty when there is none
 */
public record ProbableCause(Optional<String> cause, String explanation) {
  /** Nobody knows. */
  public static final ProbableCause UNKNOWN = new ProbableCause(Optional.empty(), "");
}
