package io.attribution.drift;

import java.util.Optional;

/**
 * Why f(e) and J(e)·e came apart, as far as one can tell.
 *
 * @param cause label of the probable cause; nothing when it is unknown
 * @param explanation one sentence with the evidence; empty when there is none
 */
public record Diagnosis(Optional<String> cause, String explanation) {
  /** Nobody knows. */
  public static final Diagnosis UNKNOWN = new Diagnosis(Optional.empty(), "");

  /** The guard of the layers engine found it wrong. */
  public static final Diagnosis ENGINES_DISAGREE =
      new Diagnosis(
          Optional.of("engines_disagree"),
          "the compiled layers engine disagreed with its layers one by one and was switched off;"
              + " explanations go on, slower; keep the bundle and report this");
}
