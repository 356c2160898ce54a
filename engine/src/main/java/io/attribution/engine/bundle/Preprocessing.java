package io.attribution.engine.bundle;

import java.util.Optional;

/**
 * u = (x − mean) / scale, e = u·componentsᵀ; each part may be absent.
 *
 * @param mean [D]
 * @param scale [D], nowhere zero
 * @param components [K, D]
 */
public record Preprocessing(
    Optional<Tensor> mean, Optional<Tensor> scale, Optional<Tensor> components) {

  public static final Preprocessing NONE =
      new Preprocessing(Optional.empty(), Optional.empty(), Optional.empty());
}
