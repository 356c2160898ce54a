package io.attribution.benchmarks.pipeline;

import java.util.List;

/**
 * One long run.
 *
 * @param points in order
 */
record SoakResult(
    String subject, String model, Guarantee guarantee, Shape shape, List<SoakPoint> points) {
  /** The share of the records in which the heap finds its size. */
  private static final double WARMUP = 0.1;

  SoakResult {
    points = List.copyOf(points);
  }

  /** Of resident memory after the warm-up, last third against first, as a share. */
  double growth() {
    List<SoakPoint> warm = warm();
    int third = Math.max(1, warm.size() / 3);
    double early = mean(warm.subList(0, third));
    return mean(warm.subList(warm.size() - third, warm.size())) / early - 1;
  }

  /** The points after the warm-up. */
  List<SoakPoint> warm() {
    return points.subList(
        (int) Math.min(points.size() - 1, Math.ceil(WARMUP * points.size())), points.size());
  }

  /** How many there were in all. */
  long records() {
    return points.isEmpty() ? 0 : points.get(points.size() - 1).records();
  }

  private static double mean(List<SoakPoint> points) {
    return points.stream().mapToLong(SoakPoint::residentBytes).average().orElse(Double.NaN);
  }
}
