package io.attribution.statistics;

import java.util.Arrays;

/**
 * Population stability index: Σ (q − p)·ln(q / p) over bins that hold equal shares of a reference
 * sample, where p and q are the shares of reference and sample. The usual reading: below 0.1
 * stable, above 0.25 changed; for small samples it is larger by chance alone, about (bins − 1)·(1/n
 * + 1/m).
 *
 * <p>Bin edges are the reference's quantiles (an observed value each, the lower of two); equal
 * edges become one, so that a feature that is mostly 0 has fewer bins. A value on an edge belongs
 * to the bin below. Every bin's count gets half a value more (Jeffreys), so that empty bins have a
 * finite logarithm.
 */
public final class PopulationStability {
  private static final double HALF = 0.5;

  private final double[] edges;
  private final double[] reference;

  /**
   * @param sample what is normal; finite numbers, one or more
   * @param bins 2 or more
   */
  public PopulationStability(double[] sample, int bins) {
    Doubles.requireFinite(sample);
    if (bins < 2) {
      throw new IllegalArgumentException("bins are 2 or more, not " + bins);
    }
    this.edges = edges(sample, bins);
    this.reference = shares(sample);
  }

  /** See {@link #PopulationStability(double[], int)}. */
  public PopulationStability(float[] sample, int bins) {
    this(Doubles.of(sample), bins);
  }

  private static double[] edges(double[] sample, int bins) {
    double[] sorted = sample.clone();
    Arrays.sort(sorted);
    double[] quantiles = new double[bins - 1];
    for (int i = 1; i < bins; i++) {
      quantiles[i - 1] = sorted[(int) (((long) i * sorted.length - 1) / bins)] + 0.0; // no -0.0
    }
    return Arrays.stream(quantiles).distinct().toArray();
  }

  /**
   * @param sample finite numbers, one or more
   * @return 0 or more
   */
  public double of(double[] sample) {
    Doubles.requireFinite(sample);
    double[] shares = shares(sample);
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      sum += (shares[i] - reference[i]) * Math.log(shares[i] / reference[i]);
    }
    return sum;
  }

  /** See {@link #of(double[])}. */
  public double of(float[] sample) {
    return of(Doubles.of(sample));
  }

  /** How many bins there are after equal edges became one. */
  public int bins() {
    return edges.length + 1;
  }

  private double[] shares(double[] sample) {
    double[] counts = new double[bins()];
    for (double value : sample) {
      int place = Arrays.binarySearch(edges, value + 0.0);
      counts[place >= 0 ? place : -place - 1]++;
    }
    double all = sample.length + HALF * counts.length;
    for (int i = 0; i < counts.length; i++) {
      counts[i] = (counts[i] + HALF) / all;
    }
    return counts;
  }
}
