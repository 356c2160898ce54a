package io.attribution.benchmarks.measure;

import java.util.List;

/**
 * Repeated measurements of one thing. The median is what is reported: a machine that is disturbed
 * for a moment makes some samples slow and none fast.
 *
 * @param seconds one sample per round, seconds per call; at least one
 */
public record Samples(List<Double> seconds) {

  public Samples {
    if (seconds.isEmpty()) {
      throw new IllegalArgumentException("no samples");
    }
    seconds = List.copyOf(seconds);
  }

  /** Seconds per call. */
  public double median() {
    List<Double> sorted = seconds.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** (largest − smallest) / median: how much the machine was disturbed; no unit. */
  public double spread() {
    double smallest = seconds.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    double largest = seconds.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    return (largest - smallest) / median();
  }

  /** How many times as fast this is as the other: ratio of the medians, above 1 is faster. */
  public double speedOver(Samples other) {
    return other.median() / median();
  }
}
