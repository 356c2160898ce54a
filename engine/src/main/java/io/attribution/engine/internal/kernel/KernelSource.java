package io.attribution.engine.internal.kernel;

import java.util.List;

/**
 * A compiled encoder: the text of a TorchScript module named {@code Kernel} and its constant
 * arrays, which every method takes as the list {@code w}.
 *
 * <p>{@code linearize(e (n, K), w, z (n, O), jacobian (n, O, K), intercept (n, O))}, which fills
 * the intercept where the program was compiled for it, and {@code attribute(x (n, D), w, out)},
 * where out holds the arrays of {@link Output} that the program was compiled for, in their order.
 * Both fill the arrays that they take.
 *
 * @param text the module's code
 * @param operands w
 * @param outputs what {@code attribute} fills
 */
public record KernelSource(String text, List<Operand> operands, List<Output> outputs) {

  /** An array that {@code attribute} fills. n rows, O outputs, D features. */
  public enum Output {
    /** z in float32, (n, O). */
    EMBEDDING,
    /** z in float64, less the base where there is one, (n, O). */
    EXACT,
    /** ẑ = J·e in float64, (n, O). */
    RECONSTRUCTION,
    /** A sum over everything that was computed for a row, (n): not finite when a part is not. */
    CHECK,
    /** C, (n, O, D). */
    CONTRIBUTIONS,
    /** R, (n, D). */
    REDUCED,
    /** c, (n, O): what the encoder's constants contribute. */
    BASE
  }
}
