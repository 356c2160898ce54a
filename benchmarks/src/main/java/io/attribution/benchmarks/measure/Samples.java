package io.attribution.benchmarks.measure;

import java.util.Collection;
import java.util.List;

/**
 * Repeated measurements of one thing. The median is what is reported: a machine that is disturbed
 * for a moment makes some samples slow and none fast.
 *
 * @param values one per round, at least one; of turns, seconds per call
 */
public record Samples(List<Double> values) {

  public Samples {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("no samples");
    }
    values = List.copyOf(values);
  }

  public double median() {
    return median(values);
  }

  /** The median; NaN where nothing was measured. */
  public static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int size = sorted.size();
    return size == 0 ? Double.NaN : (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
  }

  /** (largest − smallest) / median: how much the machine was disturbed. */
  public double spread() {
    double smallest = values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    double largest = values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    return (largest - smallest) / median();
  }

  /** How many times as fast this is as the other: the ratio of the medians of times. */
  public double speedOver(Samples other) {
    return other.median() / median();
  }

  /**
   * The mean of ratios: twice as fast here and half as fast there is no difference.
   *
   * @param ratios positive, at least one
   */
  public static double geometricMean(Collection<Double> ratios) {
    if (ratios.isEmpty() || ratios.stream().anyMatch(ratio -> !(ratio > 0))) {
      throw new IllegalArgumentException("no mean of the ratios " + ratios);
    }
    return Math.exp(ratios.stream().mapToDouble(Math::log).average().orElseThrow());
  }
}
