package io.attribution.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ProgressTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void countsFromTheCommitThatEndsTheWarmUpToTheLast() {
    Progress progress =
        new Progress(List.of(at(0, 0), at(5, 200), at(6, 1_000), at(7, 2_000), at(9, 2_000)));

    Progress.Steady steady = progress.steady(1_000, 0.1);

    assertThat(steady.seconds()).isEqualTo(2.0);
    assertThat(steady.records()).isEqualTo(900.0);
    assertThat(steady.recordsPerSecond()).isEqualTo(450.0);
    assertThat(steady.cpu().subject()).isEqualTo(2.0);
    assertThat(steady.otherCores()).isEqualTo(0.25);
    assertThat(steady.cpuPerMillion()).isCloseTo(2e6 / 900, within(1e-9));
  }

  @Test
  void takesCommitMarkersForNoRecords() {
    // 20 markers beside 2 × 1000 outputs.
    Progress progress = new Progress(List.of(at(1, 202), at(2, 2_020)));

    Progress.Steady steady = progress.steady(1_000, 0.1);

    assertThat(steady.records()).isCloseTo(900.0, within(1e-9));
  }

  @Test
  void comparesTheMemoryOfTheLastThirdWithThatOfTheFirst() {
    List<Progress.Sample> samples =
        IntStream.rangeClosed(0, 9)
            .mapToObj(i -> sample(i, 100 + 100 * i, i < 5 ? 1000 : 1100))
            .toList();

    assertThat(new Progress(samples).steady(500, 0.0).residentGrowth())
        .isCloseTo(0.1, within(1e-9));
  }

  @Test
  void refusesARunWithoutOutputs() {
    assertThatThrownBy(() -> new Progress(List.of(at(0, 0), at(1, 0))))
        .isInstanceOf(BenchFailure.class);
  }

  private static Progress.Sample at(long seconds, long committed) {
    return sample(seconds, committed, 1);
  }

  /** One CPU second per second, and a quarter of one by others. */
  private static Progress.Sample sample(long seconds, long committed, long resident) {
    return new Progress.Sample(
        seconds * SECOND,
        committed,
        new ProcessUsage((double) seconds, resident, resident),
        new Cores.Busy((double) seconds, 0, 0, 1.25 * seconds));
  }
}
