package io.attribution.engine.internal.diagnosis;

import io.attribution.engine.diagnosis.Cause;
import io.attribution.engine.diagnosis.Finding;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * An activation that levels off. The code names it, and nothing else in it could be the cause; what
 * the encoder does must fit: many formulas use a tanh or a sigmoid and do not level off.
 *
 * <ul>
 *   <li>Where size gets through, J·e falls to nothing beside f(e) for large inputs. Exact layers,
 *       detached norms and gates (x·sigmoid) keep it.
 *   <li>Behind a detached norm size does not get through, except for inputs so tiny that the norm's
 *       eps takes over. There the error of an odd function, as tanh, falls with the square of the
 *       size, and that of a gate or GELU with the size.
 *   <li>A sigmoid gives f(0) ≠ 0, which a gate does not.
 * </ul>
 */
final class SaturationRule implements Rule {
  private static final double NOTHING = 0.1;
  private static final double PLAIN_ERROR = 1e-4;
  private static final int TINY_ROWS = 8;
  private static final int SMALLEST_DECADE = -32;

  /** Between falling with the size (10) and with its square (100). */
  private static final double SQUARE = 30;

  private static final Set<String> SIGMOIDS = Set.of("sigmoid", "sigmoid_");
  private static final Set<String> ODD = Set.of("tanh", "tanh_", "erf", "atan", "arctan");

  @Override
  public Optional<Finding> judge(Evidence e) {
    Set<String> names = e.code().saturating();
    if (names.isEmpty()
        || !e.code().curvedOrStrange().isEmpty()
        || e.code().hasLiveVariance()
        || e.code().castsTo16Bits()
        || e.error() < PLAIN_ERROR
        || addsConstants(e, names)) {
      return Optional.empty();
    }
    return levelsOff(e).or(() -> oddBehindNorm(e, names)).or(() -> sigmoidBehindNorm(e, names));
  }

  /** A constant is in f(0) as well; only a sigmoid has an excuse, and only without a bias. */
  private static boolean addsConstants(Evidence e, Set<String> names) {
    boolean sigmoidOnly = SIGMOIDS.containsAll(names) && !e.code().hasBias();
    return !(e.atZero() == 0)
        && !(sigmoidOnly && !e.code().subtractsConstant() && Double.isFinite(e.atZero()));
  }

  private static Optional<Finding> levelsOff(Evidence e) {
    return e.share(1000) <= NOTHING && e.share(1000) <= e.share(1) / 2
        ? Optional.of(
            Finding.of(
                Cause.SATURATING_ACTIVATION,
                "J(e)·e falls from %.2g to %.2g of f(e) when inputs grow a thousandfold, and the"
                    + " encoder's code has %s: an activation levels off",
                e.share(1),
                e.share(1000),
                String.join(", ", e.code().saturating())))
        : Optional.empty();
  }

  private static Optional<Finding> oddBehindNorm(Evidence e, Set<String> names) {
    if (!ODD.containsAll(names) || e.code().multipliesValues() || !isInvariant(e)) {
      return Optional.empty();
    }
    double full = e.typical().magnitude();
    Answers larger = e.atScale(TINY_ROWS, 1e-2);
    for (int decade = -3; decade >= SMALLEST_DECADE; decade--) {
      Answers smaller = e.atScale(TINY_ROWS, Math.pow(10, decade));
      boolean getsThrough =
          larger.magnitude() <= full / 5 && smaller.magnitude() <= larger.magnitude() / 5;
      if (getsThrough) {
        return larger.error() >= SQUARE * smaller.error()
            ? Optional.of(behindNorm(e, larger.error(), smaller.error()))
            : Optional.empty();
      }
      larger = smaller;
    }
    return Optional.empty();
  }

  private static Finding behindNorm(Evidence e, double larger, double smaller) {
    return Finding.of(
        Cause.SATURATING_ACTIVATION,
        "The relative error is %.1e, and falls from %.1e to %.1e, with the square, for inputs so"
            + " tiny that the layer norm lets their size through; the encoder's code has %s: an"
            + " activation levels off",
        e.error(),
        larger,
        smaller,
        String.join(", ", e.code().saturating()));
  }

  private static Optional<Finding> sigmoidBehindNorm(Evidence e, Set<String> names) {
    return SIGMOIDS.containsAll(names)
            && !e.code().multipliesValues()
            && e.relativeAtZero() > 0
            && isInvariant(e)
        ? Optional.of(
            Finding.of(
                Cause.SATURATING_ACTIVATION,
                "%s",
                String.format(
                    Locale.ROOT,
                    "f(0) = %.2g without a bias, the relative error is %.1e for inputs of all sizes,"
                        + " and the encoder's code has %s behind a layer norm: an activation levels"
                        + " off",
                    e.atZero(),
                    e.error(),
                    String.join(", ", names))))
        : Optional.empty();
  }

  private static boolean isInvariant(Evidence e) {
    return e.change(1000, 1) <= 0.02 && e.change(0.1, 1) <= 0.02;
  }
}
