package io.attribution.drift;

/** Finds out what is wrong with a model, by trying it. Called when an alert opens. */
@FunctionalInterface
public interface Diagnostician {
  /** Never throws: who cannot tell says so. */
  Diagnosis diagnose(ModelKey model);
}
