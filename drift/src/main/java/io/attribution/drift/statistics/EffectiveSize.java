package io.attribution.drift.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Effective number of independent values in an autocorrelated series: n·(1 − ρ)/(1 + ρ), where ρ is
 * the correlation from one value to the next; exact for an autoregressive series of order 1. The
 * correlation is that of the ranks, which is robust against heavy tails.
 *
 * <p>Source: G. V. Bayley and J. M. Hammersley, The "effective" number of independent observations
 * in an autocorrelated time series, Supplement to JRSS 8 (1946).
 */
public final class EffectiveSize {
  /** A ρ that chance alone reaches, in standard deviations (1/√n) of an uncorrelated series' ρ. */
  private static final double CHANCE = 2;

  private EffectiveSize() {}

  /**
   * @param series in its order; finite numbers
   * @return the effective number as a share of the length, above 0, at most 1
   */
  public static double share(double[] series) {
    if (series.length < 3) {
      return 1;
    }
    double[] ranks = ranks(series);
    double correlation = Math.min(correlation(ranks), 1 - 1.0 / series.length);
    return correlation <= CHANCE / Math.sqrt(series.length)
        ? 1
        : (1 - correlation) / (1 + correlation);
  }

  /** From one value to the next; 0 for a constant series. */
  private static double correlation(double[] ranks) {
    double mean = Arrays.stream(ranks).average().orElseThrow();
    double squares = 0;
    double products = 0;
    for (int i = 0; i < ranks.length; i++) {
      squares += (ranks[i] - mean) * (ranks[i] - mean);
      products += i == 0 ? 0 : (ranks[i] - mean) * (ranks[i - 1] - mean);
    }
    return squares == 0 ? 0 : products / squares;
  }

  /** Equal values have the mean of their ranks. */
  private static double[] ranks(double[] series) {
    int[] order =
        IntStream.range(0, series.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> series[i] + 0.0)) // no -0.0
            .mapToInt(i -> i)
            .toArray();
    double[] ranks = new double[series.length];
    for (int from = 0; from < order.length; ) {
      int to = from;
      while (to < order.length && series[order[to]] == series[order[from]]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order[i]] = (from + to - 1) / 2.0;
      }
      from = to;
    }
    return ranks;
  }
}
