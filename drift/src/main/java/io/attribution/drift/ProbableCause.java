package io.attribution.drift;

import java.util.Optional;

/**
 * Why f(e) = J(e)·e no longer holds, as far as the evidence shows.
 *
 * @param cause label of the probable cause; empty when it is unknown
 * @param explanation one sentence with the evidence; empty when there is none
 */
public record ProbableCause(Optional<String> cause, String explanation) {
  public static final ProbableCause UNKNOWN = new ProbableCause(Optional.empty(), "");
}
