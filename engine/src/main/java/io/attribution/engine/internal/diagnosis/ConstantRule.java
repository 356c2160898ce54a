package io.attribution.engine.internal.diagnosis;

import io.attribution.engine.diagnosis.Cause;
import io.attribution.engine.diagnosis.Finding;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The encoder adds constants: f(0) ≠ 0, and it is otherwise piecewise linear (and normalised),
 * which its code or its Jacobian shows. Two causes remain, and their algebra can be the same: with
 * g(e − m) all error is −J·m for one m. It is a mean where J·m is that of a mean of the inputs. It
 * is a bias where no such m exists, or where m is unlike every mean and the code has a bias.
 *
 * <p>Activations with f(0) ≠ 0 (sigmoid, softplus) have names in the code. A live variance has J·e
 * → 0 for large inputs; a clamp levels off there; 16 bits keep f(0) = 0.
 */
final class ConstantRule implements Rule {
  /** f(0) of a bias-free encoder is 0 to the bit. */
  private static final double ZERO = 1e-7;

  private static final double PIECEWISE_LINEAR = 1e-5;

  /** Left over by a fit that explains everything, as far as float32 lets it. */
  private static final double EXPLAINED = 0.02;

  private static final double NOT_EXPLAINED = 0.1;
  private static final double ROUNDING = 1e-6;

  /** The mean of some dozens of rows is not that of the training. */
  private static final double LIKE_RECENT_MEAN = 0.5;

  private static final double LIKE_BUNDLE_MEAN = 0.05;
  private static final double UNLIKE = 0.8;

  @Override
  public Optional<Finding> judge(Evidence e) {
    if (!(e.relativeAtZero() > ZERO) || !addsConstantsOnly(e) || withinRounding(e)) {
      return Optional.empty();
    }
    OptionalDouble leftOver = e.leftOverOfOffset();
    double recent = e.distanceFromRecentMean();
    double bundle = e.distanceFromBundleMean();
    if (mayBeOffset(e, leftOver)) {
      return recent <= LIKE_RECENT_MEAN || bundle <= LIKE_BUNDLE_MEAN
          ? Optional.of(mean(e, recent, bundle))
          : offsetUnlikeMeans(e, Math.min(recent, bundle));
    }
    if (leftOver.isEmpty()) {
      return offsetUnlikeMeans(e, Math.min(recent, bundle));
    }
    // No m explains the error: there is a bias for certain, unless a mean explains half of it.
    return isNone(leftOver) && Math.min(recent, bundle) > LIKE_RECENT_MEAN
        ? Optional.of(bias(e))
        : Optional.empty();
  }

  private static boolean addsConstantsOnly(Evidence e) {
    EncoderCode code = e.code();
    boolean plain =
        code.isExactButForConstants()
            || (isPiecewiseLinear(e)
                && code.saturating().isEmpty()
                && code.curvedOrStrange().equals(code.strange())
                && !code.hasLiveVariance());
    return plain
        && e.share(1000) >= 0.05
        && e.error(0.01) >= 0.5 * Math.min(1, e.error())
        && e.error(1000) <= 1.5 * e.error() + ROUNDING;
  }

  private static boolean isPiecewiseLinear(Evidence e) {
    return e.jacobianChange() <= PIECEWISE_LINEAR;
  }

  /** Rounding to 16 bits would do as much. */
  private static boolean withinRounding(Evidence e) {
    return PrecisionRule.level(e).filter(level -> e.error() <= level).isPresent();
  }

  private static boolean mayBeOffset(Evidence e, OptionalDouble leftOver) {
    return leftOver.isPresent()
        ? leftOver.getAsDouble() <= Math.max(EXPLAINED, 10 * ROUNDING / e.error())
        // Too wide to fit: without a bias in sight, what else could the constant be?
        : e.code().isReadable() && !e.code().hasBias();
  }

  private static boolean isNone(OptionalDouble leftOver) {
    return leftOver.isPresent() && leftOver.getAsDouble() >= NOT_EXPLAINED;
  }

  private static Optional<Finding> offsetUnlikeMeans(Evidence e, double distance) {
    EncoderCode code = e.code();
    boolean unlike = distance >= UNLIKE && e.knowsRecentMean();
    if (unlike && code.hasBias() && !code.subtractsConstant()) {
      return Optional.of(bias(e));
    }
    return !e.hasMeans() && code.subtractsConstant() && !code.hasBias()
        ? Optional.of(
            Finding.of(
                Cause.MEAN_NOT_SUBTRACTED,
                "f(0) = %.2g, all of f(e) − J(e)·e is −J(e)·m for one m, and the encoder's code"
                    + " subtracts a constant and has no bias: the encoder subtracts a mean itself,"
                    + " which belongs into the bundle's preprocessing",
                e.atZero()))
        : Optional.empty();
  }

  private static Finding mean(Evidence e, double recent, double bundle) {
    if (bundle <= LIKE_BUNDLE_MEAN) {
      return Finding.of(
          Cause.MEAN_NOT_SUBTRACTED,
          "f(0) = %.2g, and all of f(e) − J(e)·e is −J(e)·m with m the bundle's mean (within %.1e):"
              + " the encoder subtracts the mean itself, once more than the preprocessing does",
          e.atZero(),
          bundle);
    }
    return Finding.of(
        Cause.MEAN_NOT_SUBTRACTED,
        "f(0) = %.2g, and all of f(e) − J(e)·e is −J(e)·m for one m, like the mean of recent inputs"
            + " (distance %.2f of 1): the encoder subtracts a mean itself, which belongs into the"
            + " bundle's preprocessing",
        e.atZero(),
        recent);
  }

  private static Finding bias(Evidence e) {
    boolean fades = e.error(0.01) > 2 * e.error();
    return Finding.of(
        Cause.BIAS_PRESENT,
        fades
            ? "f(0) = %.2g, not 0, and the relative error grows from %.1e to %.1e when inputs shrink"
                + " a hundredfold: the encoder adds a constant (a bias)"
            : "f(0) = %.2g, not 0, and the relative error is %.1e (%.1e for inputs a hundredth as"
                + " large), with nothing but exact layers beside: the encoder adds a constant (a"
                + " bias)",
        e.atZero(),
        e.error(),
        e.error(0.01));
  }
}
