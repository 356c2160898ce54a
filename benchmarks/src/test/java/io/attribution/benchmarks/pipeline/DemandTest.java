package io.attribution.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class DemandTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void steadyDemandGoesOnWhateverComesOut() {
    Demand demand = new Demand.Steady(1000, 5 * SECOND);

    assertThat(demand.due(5 * SECOND)).isZero();
    assertThat(demand.due(7 * SECOND)).isEqualTo(2000);
  }

  @Test
  void steadyDemandKnowsWhenALateRecordShouldHaveBeenSent() {
    Demand demand = new Demand.Steady(1000, 5 * SECOND);

    assertThat(demand.intendedNanos(500, 9 * SECOND)).isEqualTo(5 * SECOND + SECOND / 2);
  }

  @Test
  void noRecordIsDueBeforeItsTime() {
    Demand demand = new Demand.Steady(3333.3, 0);

    for (long now = 0; now < SECOND; now += 777_777) {
      long due = demand.due(now);
      if (due > 0) {
        assertThat(demand.intendedNanos(due - 1, now)).isLessThanOrEqualTo(now);
      }
    }
  }

  @Test
  void saturatingDemandKeepsSoManyOnTheirWay() {
    AtomicLong seen = new AtomicLong();
    Demand demand = new Demand.Saturating(seen::get, 100);

    assertThat(demand.due(0)).isEqualTo(100);
    seen.set(40);
    assertThat(demand.due(0)).isEqualTo(140);
  }
}
