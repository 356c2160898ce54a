package io.attribution.kernel;

/**
 * Where a program will run.
 *
 * @param oneDnn whether oneDNN's float32 products are there: on a CPU
 * @param float64 whether it computes in float64
 */
public record KernelTarget(boolean oneDnn, boolean float64) {
  /** oneDNN has no float64. */
  public KernelTarget {
    if (oneDnn && float64) {
      throw new IllegalArgumentException("oneDNN has no float64 products");
    }
  }

  public static KernelTarget of(boolean cpu, boolean float64) {
    return new KernelTarget(cpu && !float64, float64);
  }
}
