package io.attribution.drift;

/**
 * How far one feature moved from the reference.
 *
 * @param index its place in the bundle's features
 * @param sign what moved
 * @param statistic Kolmogorov-Smirnov distance, 0 to 1; the share of values for RANGE; 1 for
 *     CONSTANT
 * @param referenceMean mean in the reference, in the unit of what moved
 * @param currentMean mean in the window
 */
public record FeatureMove(
    String feature,
    int index,
    Sign sign,
    double statistic,
    double referenceMean,
    double currentMean) {

  /** What moved. */
  public enum Sign {
    /** The reduced contribution. */
    CONTRIBUTION,
    /** The raw value. */
    INPUT,
    /** Raw values far outside those of the reference. */
    RANGE,
    /** The raw value no longer varies. */
    CONSTANT;

    /** The name in records. */
    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
