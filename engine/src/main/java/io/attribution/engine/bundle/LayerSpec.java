package io.attribution.engine.bundle;

import java.util.List;
import java.util.Optional;

/** One layer of an encoder as `layers` in model.json describes it, its tensors loaded. */
public sealed interface LayerSpec {

  /** (n, a, b, …) to (n, a·b·…). */
  record Flatten() implements LayerSpec {}

  /**
   * x·weightᵀ + bias over the last axis.
   *
   * @param weight [out, in], PyTorch's layout
   * @param bias [out]
   */
  record Linear(Tensor weight, Optional<Tensor> bias) implements LayerSpec {}

  /** max(x, 0). */
  record Relu() implements LayerSpec {}

  /** x where x > 0, negativeSlope·x elsewhere. */
  record LeakyRelu(float negativeSlope) implements LayerSpec {}

  /**
   * x where x > 0, weight·x elsewhere.
   *
   * @param weight one slope for all, or one for each channel (axis 1 of the batch)
   */
  record Prelu(Tensor weight) implements LayerSpec {}

  /**
   * scale·(x − mean)/√(var + eps) over the last axis. The variance (divided by the width, not by
   * width − 1) is a constant for the derivative, so that the Jacobian is the equivalent linear map.
   *
   * @param scale [width]
   */
  record LayerNormDetached(Tensor scale, double eps) implements LayerSpec {}

  /** x + layers(x). */
  record Residual(List<LayerSpec> layers) implements LayerSpec {}
}
