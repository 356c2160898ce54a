package io.attribution.drift.detector;

import java.util.Optional;

/**
 * Where a baseline comes from.
 *
 * @param known the baseline, where it is known
 * @param observations how many values it is learned from, where it is not
 * @param sigmaFloor a learned sigma is never below it, so that values that hardly differ do not
 *     make the detector nervous; in the values' unit, such as 0.05 for log10 of an error
 */
public record BaselineSource(Optional<Baseline> known, int observations, double sigmaFloor) {
  private static final int FEWEST = 10;

  /** This one, which is not learned. */
  public static BaselineSource of(Baseline baseline) {
    return new BaselineSource(Optional.of(baseline), 0, baseline.sigma());
  }

  /**
   * @param observations the first values, 10 or more
   * @param sigmaFloor positive, in the values' unit
   * @throws IllegalArgumentException when it cannot be learned so
   */
  public static BaselineSource learned(int observations, double sigmaFloor) {
    Finite.requirePositive("sigma floor", sigmaFloor);
    if (observations < FEWEST) {
      throw new IllegalArgumentException(
          "a baseline is learned from " + FEWEST + " values or more, not " + observations);
    }
    return new BaselineSource(Optional.empty(), observations, sigmaFloor);
  }
}
