package io.attribution.engine.reduction;

import ai.djl.ndarray.NDArray;
import java.util.OptionalInt;

/** How the O contributions of a feature become one number. */
public sealed interface Reduction {

  /** The name in configuration and records. */
  String label();

  /** C (n, O, D) to R (n, D). */
  NDArray apply(NDArray contributions);

  /** The output that the reduction speaks of, where it speaks of one. */
  default OptionalInt target() {
    return OptionalInt.empty();
  }

  /** Euclidean norm over the outputs. */
  record L2() implements Reduction {
    @Override
    public String label() {
      return "l2";
    }

    @Override
    public NDArray apply(NDArray contributions) {
      return contributions.square().sum(new int[] {1}).sqrt();
    }
  }

  /** The l2 reduction divided by its sum over the features; zeros where that sum is zero. */
  record Normalized() implements Reduction {
    @Override
    public String label() {
      return "normalized";
    }

    @Override
    public NDArray apply(NDArray contributions) {
      NDArray l2 = new L2().apply(contributions);
      NDArray sum = l2.sum(new int[] {1}, true);
      return l2.div(sum.add(sum.eq(0f).toType(sum.getDataType(), false)));
    }
  }

  /**
   * The contributions to one output, with their signs.
   *
   * @param output the output's index
   */
  record Signed(int output) implements Reduction {
    @Override
    public String label() {
      return "signed";
    }

    @Override
    public OptionalInt target() {
      return OptionalInt.of(output);
    }

    @Override
    public NDArray apply(NDArray contributions) {
      return contributions.get(":, {}", output);
    }
  }

  /**
   * @param label l2, signed or normalized
   * @param target the output that a signed reduction speaks of
   * @throws IllegalArgumentException for any other label
   */
  static Reduction of(String label, int target) {
    return switch (label) {
      case "l2" -> new L2();
      case "normalized" -> new Normalized();
      case "signed" -> new Signed(target);
      default ->
          throw new IllegalArgumentException(
              "'" + label + "' is no reduction; choose l2, signed or normalized");
    };
  }
}
