package io.attribution.engine.method;

import java.util.Optional;

/**
 * Which contributions are wanted, and what they may cost.
 *
 * @param method which method; the bundle's own when empty
 * @param baseline where the path of integrated gradients starts; when empty the bundle's baseline,
 *     which is its mean where it names none
 * @param maxNodes the most points of a path at which integrated gradients compute a Jacobian; at
 *     least {@link #LEAST_NODES}
 */
public record MethodChoice(
    Optional<ContributionMethod> method, Optional<Baseline> baseline, int maxNodes) {
  /** Mixed encoders reach an error of some 1e-2 with it; smooth ones need a tenth of it. */
  public static final int DEFAULT_MAX_NODES = 256;

  /** The smallest rule. */
  public static final int LEAST_NODES = 5;

  /** What the bundle says. */
  public static final MethodChoice OF_BUNDLE =
      new MethodChoice(Optional.empty(), Optional.empty(), DEFAULT_MAX_NODES);

  public MethodChoice {
    if (maxNodes < LEAST_NODES) {
      throw new IllegalArgumentException(
          maxNodes + " nodes are fewer than the smallest rule has, " + LEAST_NODES);
    }
  }

  /** A method from the bundle's baseline, with the default limit of nodes. */
  public static MethodChoice of(ContributionMethod method) {
    return new MethodChoice(Optional.of(method), Optional.empty(), DEFAULT_MAX_NODES);
  }
}
