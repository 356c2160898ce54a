package io.attribution.engine.internal.diagnosis;

import io.attribution.engine.diagnosis.Cause;
import io.attribution.engine.diagnosis.Finding;
import java.util.Optional;

/**
 * 16-bit floats round relative to their own size. So f(0) = 0, and the relative error is about the
 * same for inputs of all sizes, at the level of the format.
 *
 * <p>Every other fault keeps silent here: constants give f(0) ≠ 0, curved activations and live
 * variances have names in the code, and none of them puts outputs on a coarse grid or lets them
 * ignore small steps of the inputs. Float32 that cancels is noise too, but of another kind: it
 * notices the smallest step.
 */
final class PrecisionRule implements Rule {
  /** Bits of a float32 that are 0 in a float16 and in a bfloat16. */
  private static final int HALF_BITS = 13;

  private static final int BFLOAT16_BITS = 16;

  /** Some twenty units in the last place: an encoder has several layers. */
  private static final double HALF_LEVEL = 20 * 0x1p-11;

  private static final double BFLOAT16_LEVEL = 20 * 0x1p-8;
  private static final double MOST = 0.5;
  private static final double SAME_SIZE = 10;
  private static final int MIN_VALUES = 8;

  @Override
  public Optional<Finding> judge(Evidence e) {
    Optional<Double> level = level(e);
    return level.isPresent()
            && e.error() <= level.get()
            && !(e.atZero() > 0)
            && isFlat(e)
            && (!e.code().isReadable() || e.code().isExactButForConstants())
        ? Optional.of(
            Finding.of(
                Cause.LOW_PRECISION,
                "%s, f(0) = 0 and the relative error stays at %.1e for inputs of all sizes: part of"
                    + " the encoder computes in a 16-bit format",
                trace(e),
                e.error()))
        : Optional.empty();
  }

  /** The largest error that rounding would explain; empty where nothing points to 16 bits. */
  static Optional<Double> level(Evidence e) {
    if (onGrid(e, HALF_BITS) && !onGrid(e, BFLOAT16_BITS)) {
      return Optional.of(HALF_LEVEL);
    }
    boolean traces = onGrid(e, BFLOAT16_BITS) || e.code().castsTo16Bits() || e.plateaus() >= MOST;
    return traces ? Optional.of(BFLOAT16_LEVEL) : Optional.empty();
  }

  private static String trace(Evidence e) {
    if (onGrid(e, BFLOAT16_BITS)) {
      return "All outputs are bfloat16 numbers";
    }
    if (onGrid(e, HALF_BITS)) {
      return "All outputs are float16 numbers";
    }
    if (e.code().castsTo16Bits()) {
      return "The encoder's code casts to a 16-bit format";
    }
    return String.format(
        java.util.Locale.ROOT,
        "%.0f %% of rows give the same outputs after a step of 1e-6",
        100 * e.plateaus());
  }

  private static boolean isFlat(Evidence e) {
    for (double scale : new double[] {0.1, 10}) {
      boolean flat =
          e.error(scale) <= SAME_SIZE * e.error() && e.error() <= SAME_SIZE * e.error(scale);
      // A float16 overflows early; what is not finite says nothing.
      if (e.scaled(scale).isFinite() && !flat) {
        return false;
      }
    }
    return true;
  }

  private static boolean onGrid(Evidence e, int zeroBits) {
    int mask = (1 << zeroBits) - 1;
    int values = 0;
    for (int i = 0; i < e.typical().rows(); i++) {
      for (float z : e.typical().output(i)) {
        if ((Float.floatToRawIntBits(z) & mask) != 0) {
          return false;
        }
        values += z == 0 ? 0 : 1;
      }
    }
    return values >= MIN_VALUES;
  }
}
