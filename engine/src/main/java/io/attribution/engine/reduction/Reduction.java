package io.attribution.engine.reduction;

import java.util.OptionalInt;

/** How the O contributions of a feature become one number. */
public sealed interface Reduction {

  /** The name in configuration and records. */
  String label();

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
  }

  /** The l2 reduction divided by its sum over the features; zeros where that sum is zero. */
  record Normalized() implements Reduction {
    @Override
    public String label() {
      return "normalized";
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
