package io.attribution.benchmarks.detectors;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.benchmarks.report.Run;
import io.attribution.benchmarks.report.Section;
import io.attribution.drift.detector.DetectorKind;
import io.attribution.drift.detector.Direction;
import io.attribution.drift.detector.Sensitivity;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private static final Sensitivity WANTED = Simulation.wanted(10_000);
  private final Simulation simulation = new Simulation(1);

  @Test
  void healthyBatchesAreWithinWhatWasMeasured() {
    for (HealthyErrors errors : HealthyErrors.values()) {
      SplittableRandom random = new SplittableRandom(2);
      for (int i = 0; i < 10_000; i++) {
        double limit = errors.isPromised() ? 1.6e-6 : 1e-4;
        assertThat(errors.next(i, random)).isBetween(0.0, limit);
      }
    }
  }

  @Test
  void healthyEncodersAlarmNobody() {
    Sensitivity rare = new Sensitivity(1e6, 2, Direction.UP);

    Map<DetectorKind, long[]> alarms = simulation.healthy(HealthyErrors.SCALE_CHANGE, 60_000, rare);

    assertThat(alarms.values()).allMatch(counts -> counts[0] == 0);
    assertThat(alarms.get(DetectorKind.CUSUM)[1]).isPositive();
  }

  @Test
  void shiftsArePlantedWhereTheDelaysAreCountedFrom() {
    double[] values = simulation.shifted(100, 3);

    int length = Simulation.BEFORE + Simulation.AFTER;
    assertThat(values).hasSize(3 * length);
    for (int stream = 0; stream < 3; stream++) {
      int shift = stream * length + Simulation.BEFORE;
      assertThat(mean(values, shift - 200, shift)).isBetween(-3.1, -2.9);
      assertThat(mean(values, shift, shift + 200)).isBetween(-1.1, -0.9);
    }
  }

  private static double mean(double[] values, int from, int to) {
    return Arrays.stream(values, from, to).average().orElseThrow();
  }

  @Test
  void aHundredfoldErrorIsFoundInEveryStream() {
    double[] values = simulation.shifted(100, 5);

    for (DetectorKind kind : DetectorKind.values()) {
      Delays delays = new Delays(kind.label(), 100, simulation.find(kind, values, WANTED));
      assertThat(delays.share()).as(kind.label()).isEqualTo(1);
    }
  }

  @Test
  void alarmsBeforeTheShiftDoNotCountAsFound() {
    Found found = new Found();
    found.alarm(Simulation.BEFORE - 1, 0);

    assertThat(found.delay()).isEmpty();
    assertThat(found.early()).isTrue();

    found.alarm(Simulation.BEFORE + 7, 5);
    found.alarm(Simulation.BEFORE + 8, 0);

    assertThat(found.delay()).hasValue(7);
    assertThat(found.begun()).isEqualTo(2);
  }

  @Test
  void moreAlarmsThanAskedForAreSaidToBe() {
    assertThat(new Counted.False("ewma", "noise", 1_000_000, 100, 10_000).row()).contains("met");
    assertThat(new Counted.False("ewma", "noise", 1_000_000, 130, 10_000).row())
        .contains("**not met**");
  }

  @Test
  void thePromiseLeavesOutBatchesOfOneRow() {
    Section section =
        new DetectorsSection(
                List.of(counted(HealthyErrors.ROUNDING, 0), counted(HealthyErrors.SINGLE_ROWS, 9)),
                List.of(),
                List.of(),
                List.of())
            .section(new Run("now", "bench", Map.of(), Map.of()));

    assertThat(section.claims().get(0).measured()).isZero();
    assertThat(section.tables().get(0).markdown()).contains("| ewma | 9 |");
  }

  private static Counted.Healthy counted(HealthyErrors errors, long alarms) {
    return new Counted.Healthy(errors, 10, Map.of(DetectorKind.EWMA, new long[] {alarms, 0}));
  }
}
