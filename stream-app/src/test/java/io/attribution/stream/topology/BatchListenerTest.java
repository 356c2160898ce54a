package io.attribution.stream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.stream.pending.BatchPolicy;
import io.attribution.stream.topology.DrainedBatch.Trigger;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchListenerTest {
  private static final Duration LINGER = Duration.ofMillis(20);
  private static final BatchPolicy THREE_ROWS = new BatchPolicy(3, 1 << 20, LINGER);

  @Test
  void hearsOfAFullBatchAndWhatItTook() {
    try (TopologyHarness harness = new TopologyHarness(explainer(THREE_ROWS))) {
      for (int i = 0; i < 3; i++) {
        harness.send("a", harness.value(i, i));
      }

      assertThat(harness.listener.drained).hasSize(1);
      DrainedBatch batch = harness.listener.drained.get(0);
      assertThat(batch.model().name()).isEqualTo("sum");
      assertThat(batch.rows()).isEqualTo(3);
      assertThat(batch.trigger()).isEqualTo(Trigger.FULL);
      assertThat(batch.verified().orElseThrow().summary().count()).isEqualTo(3);
      assertThat(batch.decodeNanos()).isPositive();
      assertThat(batch.explainNanos()).isPositive();
      assertThat(batch.forwardNanos()).isPositive();
    }
  }

  @Test
  void hearsThatBytesMadeABatchFull() {
    try (TopologyHarness harness =
        new TopologyHarness(explainer(new BatchPolicy(100, 100, LINGER)))) {
      harness.send("a", harness.value(1, 2));
      harness.send("b", harness.value(1, 2));

      assertThat(harness.listener.drained)
          .extracting(DrainedBatch::trigger)
          .containsExactly(Trigger.BYTES);
    }
  }

  @Test
  void hearsThatTheLingerWasOver() {
    try (TopologyHarness harness = new TopologyHarness(explainer(THREE_ROWS))) {
      harness.send("a", harness.value(1, 2));
      harness.driver.advanceWallClockTime(LINGER.multipliedBy(2));

      assertThat(harness.listener.drained)
          .extracting(DrainedBatch::trigger)
          .containsExactly(Trigger.LINGER);
    }
  }

  @Test
  void hearsWhoRejectedARecordAndWhy() {
    try (TopologyHarness harness = new TopologyHarness(explainer(THREE_ROWS))) {
      harness.send("a", null);
      harness.send("b", harness.value(FakeExplainer.POISON, 2));
      harness.driver.advanceWallClockTime(LINGER.multipliedBy(2));

      assertThat(harness.listener.rejected).containsExactly("- tombstone", "sum encoder_failed");
      assertThat(harness.listener.drained.get(0).verified()).isEmpty();
    }
  }

  private static FakeExplainer explainer(BatchPolicy policy) {
    return new FakeExplainer("sum", 2, policy);
  }
}
