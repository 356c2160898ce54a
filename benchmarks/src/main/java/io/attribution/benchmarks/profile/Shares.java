package io.attribution.benchmarks.profile;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Weights by name, and which names have most. */
final class Shares {
  private final Map<String, Double> weights = new HashMap<>();

  void add(String name, double weight) {
    weights.merge(name, weight, Double::sum);
  }

  double total() {
    return weights.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /**
   * A name and what it has.
   *
   * @param share of a total, 0 to 1
   */
  record Share(String name, double weight, double share) {}

  /**
   * The largest, largest first.
   *
   * @param total what the shares are of
   */
  List<Share> largest(int count, double total) {
    return weights.entrySet().stream()
        .map(entry -> new Share(entry.getKey(), entry.getValue(), entry.getValue() / total))
        .sorted(java.util.Comparator.comparingDouble(Share::weight).reversed())
        .limit(count)
        .toList();
  }
}
