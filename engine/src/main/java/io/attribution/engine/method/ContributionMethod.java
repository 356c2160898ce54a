package io.attribution.engine.method;

import java.util.Locale;

/**
 * How contributions are made of Jacobians. For every method base + Σ contributions = embedding; the
 * certificate of a row says how far that holds. e encoder inputs, u standardized features.
 */
public enum ContributionMethod {
  /**
   * The first of {@link #JACOBIAN}, {@link #AFFINE}, {@link #INTEGRATED_GRADIENTS} that adds up.
   */
  AUTO,

  /**
   * C = P∘u with base 0: for encoders with f(e) = J(e)·e, piecewise linear ones without additive
   * constants.
   */
  JACOBIAN,

  /**
   * C = P∘u, and the base of a row is its intercept c(e), computed from the encoder's constants:
   * f(e) = J(e)·e + c(e) for piecewise linear encoders with biases.
   */
  AFFINE,

  /**
   * C = ∫ P along the straight path from a baseline b ∘ (u − u_b), with base f(b): for encoders
   * that are differentiable almost everywhere (Sundararajan, Taly and Yan 2017, "Axiomatic
   * Attribution for Deep Networks").
   */
  INTEGRATED_GRADIENTS,

  /**
   * The mean of {@link #INTEGRATED_GRADIENTS} over rows of the bundle's reference as baselines
   * (Erion et al. 2021, "Improving performance of deep learning models with axiomatic attribution
   * priors and expected gradients").
   */
  EXPECTED_GRADIENTS;

  /** Every record has it. */
  private final String label = name().toLowerCase(Locale.ROOT);

  /**
   * The method of a name in configuration.
   *
   * @throws IllegalArgumentException for a name that no method has
   */
  public static ContributionMethod of(String label) {
    for (ContributionMethod method : values()) {
      if (method.label().equals(label)) {
        return method;
      }
    }
    throw new IllegalArgumentException(
        "'"
            + label
            + "' is no method; choose auto, jacobian, affine, integrated_gradients or"
            + " expected_gradients");
  }

  /** The name in configuration and records, such as {@code integrated_gradients}. */
  public String label() {
    return label;
  }

  /** Whether contributions are those of a path from a baseline. */
  public boolean hasPath() {
    return this == INTEGRATED_GRADIENTS || this == EXPECTED_GRADIENTS;
  }
}
