package io.attribution.engine.internal.diagnosis;

import io.attribution.engine.diagnosis.Cause;
import io.attribution.engine.diagnosis.Finding;
import java.util.Optional;

/**
 * A layer norm makes f the same for all multiples of e. By Euler's theorem its true derivative then
 * has J·e = 0, whatever else the encoder does behind the norm.
 *
 * <p>Not to be confused with: a bias (J·e stays in large inputs), 16 bits (J·e ≈ z), a curved
 * activation without a norm (J·e ≈ z for large inputs). A saturating activation also has J·e → 0
 * for large inputs; it is ruled out where f is the same over five decades, and by the code
 * elsewhere. Division by a length has the same algebra and is no variance: the code tells.
 */
final class VarianceRule implements Rule {
  private static final double SAME = 0.02;
  private static final double NOTHING = 0.02;
  private static final double SEVERAL = 0.1;
  private static final double NEARLY_ALL = 0.9;

  /** Of an error that only a variance can explain; far above what rounding does. */
  private static final double PLAIN_ERROR = 1e-3;

  @Override
  public Optional<Finding> judge(Evidence e) {
    if (isScaleInvariant(e) && e.code().mayNormalize()) {
      return Optional.of(
          Finding.of(
              Cause.VARIANCE_NOT_DETACHED,
              "J(e)·e is %.1e of f(e), while f(e) stays the same when inputs grow a thousandfold"
                  + " (within %.1e): the derivative goes through the variance of a layer norm, which"
                  + " must be detached (freezing a TorchScript module removes the detach)%s",
              e.share(1),
              e.change(1000, 1),
              alsoCurved(e)));
    }
    if (isInvariantFarOut(e) && e.code().hasLiveVariance() && e.code().saturating().isEmpty()) {
      return Optional.of(
          Finding.of(
              Cause.VARIANCE_NOT_DETACHED,
              "J(e)·e falls to %.1e of f(e) as inputs grow, while f(e) stops changing (within %.1e),"
                  + " and the encoder's code has a layer norm whose variance is not detached%s",
              e.share(1000),
              e.change(100, 1000),
              alsoCurved(e)));
    }
    return isNothingElse(e)
        ? Optional.of(
            Finding.of(
                Cause.VARIANCE_NOT_DETACHED,
                "f(0) = 0, the relative error is %.1e, and all that the encoder's code has beside"
                    + " exact layers is a layer norm whose variance is not detached",
                e.error()))
        : Optional.empty();
  }

  private static boolean isScaleInvariant(Evidence e) {
    return e.change(1000, 1) <= SAME
        && e.change(0.1, 1) <= SAME
        && e.share(1) <= NOTHING
        && e.share(100) <= NOTHING
        && e.typical().spread() >= SEVERAL;
  }

  /** Constants in front of a norm matter to small inputs only. */
  private static boolean isInvariantFarOut(Evidence e) {
    return e.change(100, 1000) <= SAME
        && e.share(1000) <= NOTHING
        && e.error() >= NEARLY_ALL
        && e.scaled(1000).spread() >= SEVERAL
        && e.code().strange().isEmpty();
  }

  /** A norm on a branch of its own, beside which inputs go on unchanged. */
  private static boolean isNothingElse(Evidence e) {
    EncoderCode code = e.code();
    return e.atZero() == 0
        && e.error() >= PLAIN_ERROR
        && code.hasLiveVariance()
        && code.saturating().isEmpty()
        && code.curvedOrStrange().isEmpty()
        && !code.multipliesValues()
        && !code.castsTo16Bits();
  }

  private static String alsoCurved(Evidence e) {
    return e.code().curvedOrStrange().isEmpty()
        ? ""
        : "; its code also has " + String.join(", ", e.code().curvedOrStrange());
  }
}
