package io.attribution.drift;

/** Finds out what is wrong with a model, by trying it. Called when an alert opens. */
@FunctionalInterface
public interface Diagnostician {
  /** Never throws: who cannot tell says so. */
  ProbableCause diagnose(ModelKey model);

  /** The guard of the layers engine found it wrong and replaced it. */
  default ProbableCause ofFallback() {
    return ProbableCause.UNKNOWN;
  }
}
