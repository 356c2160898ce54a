package io.attribution.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
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
    assertThat(steady.cpu().subject()).isEqualTo(2.0);
    assertThat(steady.cpu().others()).isEqualTo(0.5);
  }

  @Test
  void takesCommitMarkersForNoRecords() {
    // 20 markers beside 2 × 1000 outputs.
    Progress progress = new Progress(List.of(at(1, 202), at(2, 2_020)));

    Progress.Steady steady = progress.steady(1_000, 0.1);

    assertThat(steady.records()).isCloseTo(900.0, within(1e-9));
  }

  @Test
  void refusesARunWithoutOutputs() {
    assertThatThrownBy(() -> new Progress(List.of(at(0, 0), at(1, 0))))
        .isInstanceOf(IllegalStateException.class);
  }

  /** One CPU second per second, and a quarter of one by others. */
  private static Progress.Sample at(long seconds, long committed) {
    return new Progress.Sample(
        seconds * SECOND, committed, new Usage.Cpu((double) seconds, 0, 0, 1.25 * seconds));
  }
}
