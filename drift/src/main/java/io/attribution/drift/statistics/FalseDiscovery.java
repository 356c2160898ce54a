package io.attribution.drift.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Many tests at once: with the adjusted p-values, "below 0.05" means that 5 % of what is found is
 * expected to be chance, for independent or positively dependent tests.
 *
 * <p>Source: Y. Benjamini and Y. Hochberg, Controlling the false discovery rate, JRSS B 57 (1995).
 */
public final class FalseDiscovery {
  private FalseDiscovery() {}

  /**
   * @param pValues each 0 to 1
   * @return adjusted, in the same order; at least as large
   * @throws IllegalArgumentException when one is no probability
   */
  public static double[] adjusted(double[] pValues) {
    if (!Arrays.stream(pValues).allMatch(p -> p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("p-values are 0 to 1");
    }
    int[] descending =
        IntStream.range(0, pValues.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -pValues[i]))
            .mapToInt(i -> i)
            .toArray();
    double[] adjusted = new double[pValues.length];
    double smallest = 1;
    for (int i = 0; i < descending.length; i++) {
      double rank = pValues.length - i;
      smallest = Math.min(smallest, pValues[descending[i]] * (pValues.length / rank));
      adjusted[descending[i]] = smallest;
    }
    return adjusted;
  }
}
