package io.attribution.benchmarks.detectors;

import io.attribution.benchmarks.report.Figures;
import java.util.List;

/**
 * A row of the table of delays.
 *
 * @param who the detector
 * @param factor that was planted
 * @param found in each stream
 */
record Delays(String who, double factor, List<Found> found) {

  Delays {
    found = List.copyOf(found);
  }

  List<String> row(boolean judgesBeginning) {
    long[] delays = found.stream().flatMapToLong(f -> f.delay().stream()).sorted().toArray();
    long early = found.stream().filter(Found::early).count();
    return List.of(
        who,
        Figures.of(factor),
        quantile(delays, 0.5),
        quantile(delays, 0.95),
        Figures.of(100.0 * delays.length / found.size()) + " %",
        judgesBeginning ? quantile(beginnings(), 0.5) : "",
        Figures.of(100.0 * early / found.size()) + " %");
  }

  /** Share of the streams whose shift was found. */
  double share() {
    return (double) found.stream().filter(f -> f.delay().isPresent()).count() / found.size();
  }

  private long[] beginnings() {
    return found.stream()
        .filter(f -> f.delay().isPresent())
        .mapToLong(f -> Math.abs(f.begun()))
        .sorted()
        .toArray();
  }

  private static String quantile(long[] sorted, double share) {
    return sorted.length == 0
        ? "–"
        : Figures.count(sorted[(int) Math.min(sorted.length - 1, share * sorted.length)]);
  }
}
