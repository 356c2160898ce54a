package io.attribution.engine.reduction;

import java.util.OptionalInt;

/** How the O contributions of a feature become one number. Immutable. */
public sealed interface Reduction {

  /** The name in configuration and records. */
  String label();

  /** The index of the output that is reduced to; empty where all outputs are. */
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
   * The reduction of a name in configuration.
   *
   * @param label l2, signed or normalized
   * @param target the output of a signed reduction, from 0; other reductions ignore it
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
