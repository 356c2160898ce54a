package io.attribution.engine.diagnosis;

import java.util.Locale;

/** What can break f(e) = J(e)·e and leaves traces of its own. */
public enum Cause {
  /** The encoder adds a constant that is not the mean of its inputs. */
  BIAS_PRESENT,

  /** The encoder subtracts a mean itself, so that its inputs are not what the outputs add up to. */
  MEAN_NOT_SUBTRACTED,

  /** The derivative goes through the variance of a layer norm. */
  VARIANCE_NOT_DETACHED,

  /** An activation levels off: tanh, sigmoid, a clamp. */
  SATURATING_ACTIVATION,

  /** Something is computed in a 16-bit format. */
  LOW_PRECISION,

  /** Two ways of computing the same encoder give different results. */
  ENGINES_DISAGREE;

  /** As written in alerts, such as {@code bias_present}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
