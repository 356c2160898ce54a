package io.attribution.benchmarks.pipeline;

import java.util.List;
import java.util.Map;

/**
 * Whether two implementations say the same of the same rows. Near a kink of the encoder two correct
 * ones may take different sides, so a few rows may differ.
 *
 * @param rows that were compared
 * @param differing that are further apart than the tolerance
 */
record Agreement(int rows, int differing) {
  /** Largest difference relative to the largest number that is said of a row. */
  private static final double TOLERANCE = 1e-3;

  private static final double ALLOWED_SHARE = 0.01;

  static Agreement of(Map<Integer, List<Float>> some, Map<Integer, List<Float>> others) {
    if (!some.keySet().equals(others.keySet())) {
      throw new BenchFailure("the outputs speak of different rows");
    }
    long differing =
        some.entrySet().stream()
            .filter(e -> differ(e.getValue(), others.getOrDefault(e.getKey(), List.of())))
            .count();
    return new Agreement(some.size(), (int) differing);
  }

  private static boolean differ(List<Float> a, List<Float> b) {
    if (a.size() != b.size()) {
      return true;
    }
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < a.size(); i++) {
      largest = Math.max(largest, Math.abs(a.get(i)));
      // NaN, which is never equal, must not get lost in a maximum.
      double apart = Math.abs(a.get(i) - b.get(i));
      difference = apart >= 0 ? Math.max(difference, apart) : Double.POSITIVE_INFINITY;
    }
    // So that NaN on either side differs.
    return !(difference <= TOLERANCE * largest);
  }

  boolean holds() {
    return rows > 0 && differing <= ALLOWED_SHARE * rows;
  }
}
