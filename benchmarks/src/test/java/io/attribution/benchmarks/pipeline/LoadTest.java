package io.attribution.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LoadTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void steadyDemandGoesOnWhateverComesOut() {
    Load.Demand demand = Load.Demand.steady(1000, 5 * SECOND);

    assertThat(demand.due().applyAsLong(5 * SECOND)).isZero();
    assertThat(demand.due().applyAsLong(7 * SECOND)).isEqualTo(2000);
  }

  @Test
  void steadyDemandKnowsWhenALateRecordShouldHaveBeenSent() {
    Load.Demand demand = Load.Demand.steady(1000, 5 * SECOND);

    assertThat(demand.intended().applyAsLong(500, 9 * SECOND)).isEqualTo(5 * SECOND + SECOND / 2);
  }

  @Test
  void noRecordIsDueBeforeItsTime() {
    Load.Demand demand = Load.Demand.steady(3333.3, 0);

    for (long now = 0; now < SECOND; now += 777_777) {
      long due = demand.due().applyAsLong(now);
      if (due > 0) {
        assertThat(demand.intended().applyAsLong(due - 1, now)).isLessThanOrEqualTo(now);
      }
    }
  }
}
