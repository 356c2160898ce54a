package io.attribution.drift.detector;

/**
 * log10 of a relative error, clipped from below: everything that rounding explains becomes one
 * number, so that a healthy exact encoder is a constant sequence, which alarms no detector. Clipped
 * from above too: an error that is infinite or not a number is the largest.
 */
public final class LogError {

  /** Where errors stop to be told apart: a million times the output. */
  private static final double CEILING = 1e6;

  private final double floor;
  private final double lowest;

  /**
   * @param floor the largest relative error that rounding explains, such as 1e-5 for a batch; below
   *     1e6
   */
  public LogError(double floor) {
    Finite.requirePositive("floor", floor);
    if (floor >= CEILING) {
      throw new IllegalArgumentException("floor is below " + CEILING + ", not " + floor);
    }
    this.floor = floor;
    this.lowest = StrictMath.log10(floor);
  }

  /** From log10(floor) to 6. */
  public double of(double relativeError) {
    if (relativeError <= floor) {
      return lowest;
    }
    return relativeError < CEILING ? StrictMath.log10(relativeError) : StrictMath.log10(CEILING);
  }

  /** log10(floor): what healthy encoders give. */
  public double lowest() {
    return lowest;
  }
}
