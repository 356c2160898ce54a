package io.attribution.engine.internal.diagnosis;

import java.util.Set;

/** TorchScript operators, by what they do to f(e) = J(e)·e. */
final class Operators {
  private Operators() {}

  /** Level off for large inputs. */
  static final Set<String> SATURATING =
      Set.of(
          "tanh",
          "tanh_",
          "sigmoid",
          "sigmoid_",
          "hardtanh",
          "hardtanh_",
          "hardsigmoid",
          "hardsigmoid_",
          "relu6",
          "relu6_",
          "clamp",
          "clamp_",
          "clip",
          "erf",
          "atan",
          "arctan");

  /** Curved, but as steep as a line on one side at least. */
  static final Set<String> CURVED =
      Set.of(
          "gelu",
          "gelu_",
          "silu",
          "silu_",
          "mish",
          "mish_",
          "softplus",
          "elu",
          "elu_",
          "selu",
          "selu_",
          "celu",
          "celu_",
          "hardswish",
          "hardswish_");

  /** Part of a layer norm, live or detached. */
  static final Set<String> VARIANCE =
      Set.of("var", "std", "var_mean", "std_mean", "sqrt", "rsqrt", "pow", "square", "reciprocal");

  /** A layer norm in one piece, whose derivative goes through the variance. */
  static final Set<String> LIVE_NORM =
      Set.of(
          "layer_norm",
          "native_layer_norm",
          "group_norm",
          "native_group_norm",
          "instance_norm",
          "rms_norm",
          "_fused_rms_norm");

  /** Linear or piecewise linear through the origin, or about shapes; with or without a constant. */
  static final Set<String> EXACT =
      Set.of(
          ("linear matmul mm bmm mv dot addmm baddbmm einsum conv1d conv2d conv3d _convolution"
                  + " convolution conv_transpose1d conv_transpose2d batch_norm native_batch_norm"
                  + " relu relu_ leaky_relu leaky_relu_ prelu _prelu_kernel max amax maximum min"
                  + " amin minimum where add add_ sub sub_ rsub mul mul_ div div_ neg abs mean sum"
                  + " max_pool1d max_pool2d max_pool3d avg_pool1d avg_pool2d avg_pool3d"
                  + " adaptive_avg_pool1d adaptive_avg_pool2d adaptive_max_pool1d"
                  + " adaptive_max_pool2d dropout dropout_ feature_dropout flatten unflatten view"
                  + " reshape permute transpose t contiguous cat stack concat unsqueeze squeeze"
                  + " select slice narrow chunk split index index_select expand expand_as"
                  + " broadcast_to repeat pad constant_pad_nd detach detach_ clone to type_as float"
                  + " half bfloat16 zeros zeros_like ones ones_like full tensor size len dim numel"
                  + " format eq ne lt le gt ge __not__ __is__ __isnot__ __contains__"
                  + " __getitem__ append list floordiv warn Int Float Bool is_floating_point"
                  + " RaiseException NumToTensor dtype device shape unchecked_cast Uninitialized"
                  + " unsqueeze_ squeeze_ flip roll movedim numpy_T")
              .split(" "));
}
