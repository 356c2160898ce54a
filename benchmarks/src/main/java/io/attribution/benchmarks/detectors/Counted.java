package io.attribution.benchmarks.detectors;

import io.attribution.benchmarks.report.Figures;
import io.attribution.drift.detector.DetectorKind;
import java.util.List;
import java.util.Map;

/** Rows of the tables that count alarms. */
final class Counted {
  private Counted() {}

  /**
   * Alarms in healthy streams.
   *
   * @param errors what the stream was
   * @param batches its length
   * @param alarms with and without the floor, by detector
   */
  record Healthy(HealthyErrors errors, long batches, Map<DetectorKind, long[]> alarms) {
    Healthy {
      alarms = Map.copyOf(alarms);
    }

    long withFloor() {
      return alarms.values().stream().mapToLong(counts -> counts[0]).sum();
    }

    List<String> row(DetectorKind kind) {
      long[] counts = alarms.getOrDefault(kind, new long[2]);
      return List.of(
          errors.description(),
          Figures.count(batches),
          kind.label(),
          Figures.count(counts[0]),
          Figures.count(counts[1]));
    }
  }

  /**
   * False alarms in noise.
   *
   * @param who the detector
   * @param noise what the stream was
   * @param watched observations, without those that a baseline is learned from
   * @param alarms among them
   * @param wanted observations between two; 0 where nothing was asked for
   */
  record False(String who, String noise, long watched, long alarms, double wanted) {
    double every() {
      return (double) watched / Math.max(1, alarms);
    }

    List<String> row() {
      return List.of(
          who,
          noise,
          Figures.count(watched),
          Figures.count(alarms),
          (alarms == 0 ? "> " : "") + Figures.of(every()),
          wanted == 0 ? "" : Figures.of(wanted),
          wanted == 0 ? "" : verdict());
    }

    /** Within two deviations of the count below what was asked for is chance. */
    private String verdict() {
      double expected = watched / wanted;
      return alarms <= expected + 2 * Math.sqrt(expected) ? "met" : "**not met**";
    }
  }
}
