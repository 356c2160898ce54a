package io.attribution.drift;

/**
 * Finds the probable cause of a linearity error by probing the model. Called when an alert opens.
 */
@FunctionalInterface
public interface Diagnostician {
  /** Never throws: an unknown cause is {@link ProbableCause#UNKNOWN}. */
  ProbableCause diagnose(ModelKey model);

  /** The cause when the guard found the layers engine wrong and replaced it. */
  default ProbableCause ofFallback() {
    return ProbableCause.UNKNOWN;
  }
}
