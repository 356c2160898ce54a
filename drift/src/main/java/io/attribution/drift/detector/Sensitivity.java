package io.attribution.drift.detector;

/**
 * What people can say about a detector of log10 values.
 *
 * @param falseAlarmEvery expected observations between two false alarms (ARL0), such as 1e6; from
 *     100 to 1e9
 * @param factor the smallest factor that has to be found, above 1: 2 is a shift of log10(2)
 * @param direction which changes count
 */
public record Sensitivity(double falseAlarmEvery, double factor, Direction direction) {
  private static final double OFTENEST = 100;

  /** Beyond, the integrals' own error counts. */
  private static final double RAREST = 1e9;

  public Sensitivity {
    if (!(falseAlarmEvery >= OFTENEST && falseAlarmEvery <= RAREST)) {
      throw new IllegalArgumentException(
          "observations between false alarms are 100 to 1e9, not " + falseAlarmEvery);
    }
    if (!(factor > 1) || factor == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "the factor to detect is above 1 and finite, not " + factor);
    }
  }

  /** The smallest shift of log10 values. */
  public double shift() {
    return StrictMath.log10(factor);
  }
}
