package io.attribution.drift.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Correction for many tests: of the adjusted p-values below 0.05, 5 % are expected to be false
 * discoveries, for independent or positively dependent tests.
 *
 * <p>Source: Y. Benjamini and Y. Hochberg, Controlling the false discovery rate, JRSS B 57 (1995).
 */
public final class BenjaminiHochberg {
  private BenjaminiHochberg() {}

  /**
   * @param pValues each 0 to 1
   * @return adjusted, in the same order; at least as large
   * @throws IllegalArgumentException when one is not a probability
   */
  public static double[] adjusted(double[] pValues) {
    if (!Arrays.stream(pValues).allMatch(p -> p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("p-values must be 0 to 1");
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
