package io.attribution.drift.detector;

/**
 * What a {@link CusumDetector} has to find, and how often it may be wrong.
 *
 * @param arl0 ARL0, the average run length without a change: observations between two false alarms;
 *     100 to 1e9
 * @param factor the smallest growth of the error to find, above 1; 2 is a shift of log10(2)
 * @param baselineSize observations that the baseline is learned from, 10 or more
 * @param sigmaFloor lower limit of the baseline's sigma, in decades: errors that hardly vary must
 *     not make the detector oversensitive
 * @param errorFloor the largest relative error that rounding explains, such as 1e-5 for a batch;
 *     below 1e6
 */
public record CusumSettings(
    double arl0, double factor, int baselineSize, double sigmaFloor, double errorFloor) {
  private static final double SMALLEST_ARL0 = 100;

  /** Beyond it the quadrature's own error counts. */
  private static final double LARGEST_ARL0 = 1e9;

  private static final int SMALLEST_BASELINE = 10;

  /** Larger errors count as this one: a million times the output. */
  private static final double ERROR_CEILING = 1e6;

  public CusumSettings {
    require(arl0 >= SMALLEST_ARL0 && arl0 <= LARGEST_ARL0, "ARL0 must be 100 to 1e9", arl0);
    require(factor > 1 && Double.isFinite(factor), "factor must be above 1 and finite", factor);
    require(baselineSize >= SMALLEST_BASELINE, "baseline size must be 10 or more", baselineSize);
    require(
        sigmaFloor > 0 && Double.isFinite(sigmaFloor),
        "sigma floor must be positive and finite",
        sigmaFloor);
    require(
        errorFloor > 0 && errorFloor < ERROR_CEILING,
        "error floor must be above 0 and below 1e6",
        errorFloor);
  }

  private static void require(boolean valid, String requirement, double value) {
    if (!valid) {
      throw new IllegalArgumentException(requirement + ", not " + value);
    }
  }

  /**
   * log10 of a relative error, clipped to the two limits. The lower limit makes the errors of a
   * healthy exact encoder a constant sequence, which never alarms. An infinite error and NaN count
   * as the largest.
   */
  double level(double relativeError) {
    boolean comparable = relativeError < ERROR_CEILING; // false for NaN
    return StrictMath.log10(comparable ? Math.max(relativeError, errorFloor) : ERROR_CEILING);
  }

  /** The smallest shift of the level to find, in decades. */
  double shift() {
    return StrictMath.log10(factor);
  }

  /**
   * Identifies the settings in stored state: state saved under other settings is not restored. The
   * text names records of earlier versions; changing it would make every stored baseline
   * unreadable.
   */
  public String key() {
    return "[Sensitivity[falseAlarmEvery=%s, factor=%s, direction=UP], BaselineSource[known=Optional.empty, observations=%s, sigmaFloor=%s], %s]"
        .formatted(arl0, factor, baselineSize, sigmaFloor, errorFloor);
  }
}
