package io.attribution.stream.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.drift.Origin;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.runtime.EngineKind;
import io.attribution.engine.verification.VerificationSummary;
import io.attribution.stream.serde.ModelIdentity;
import io.attribution.stream.serde.Verified;
import io.attribution.stream.topology.DrainedBatch;
import io.attribution.stream.topology.DrainedBatch.Trigger;
import io.attribution.stream.webhook.DeliveryListener;
import io.attribution.stream.webhook.DeliveryListener.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The metrics that the alert rules rest on beside those of the stream. */
class InstanceMetricsTest {
  private static final ModelIdentity MODEL =
      new ModelIdentity("m", "1", "fingerprint", 1e-4, "layers", ContributionMethod.JACOBIAN, 1, 2);

  private final Monitoring monitoring = new Monitoring(List.of("m"));

  @AfterEach
  void close() {
    monitoring.close();
  }

  @Test
  void exposesNaNForWhatNobodyKnows() {
    Outside outside = new Outside(Duration.ZERO);
    monitoring.watchOutside(outside);
    assertThat(monitoring.scrape())
        .contains("attribution_lag_records NaN")
        .contains("attribution_commit_wait_seconds NaN")
        .contains("attribution_last_commit_timestamp_seconds NaN")
        .contains("attribution_brokers_last_answer_timestamp_seconds NaN")
        .contains("attribution_registry_last_answer_timestamp_seconds NaN");

    outside.commits().observe(List.of(new InputPosition(0, 3, 10)), Optional.of(Set.of(0)));
    outside.commits().observe(List.of(new InputPosition(0, 10, 10)), Optional.of(Set.of(0)));
    outside.brokers().answered();
    outside.registry().answered();

    assertThat(monitoring.scrape())
        .contains("attribution_lag_records 0.0")
        .contains("attribution_commit_wait_seconds 0.0")
        .containsPattern("attribution_last_commit_timestamp_seconds 1\\.\\d+E9")
        .containsPattern("attribution_brokers_last_answer_timestamp_seconds 1\\.\\d+E9")
        .containsPattern("attribution_registry_last_answer_timestamp_seconds 1\\.\\d+E9");
  }

  @Test
  void exposesTheReadinessProbe() {
    AtomicBoolean ready = new AtomicBoolean(true);
    monitoring.watchReady(ready::get);
    assertThat(monitoring.scrape()).contains("attribution_ready 1.0");

    ready.set(false);

    assertThat(monitoring.scrape()).contains("attribution_ready 0.0");
  }

  @Test
  void exposesTheTolerance() {
    assertThat(monitoring.scrape()).contains("attribution_tolerance{model=\"m\"} NaN");

    monitoring.stream().drained(batch(MODEL));

    assertThat(monitoring.scrape()).contains("attribution_tolerance{model=\"m\"} 1.0E-4");
  }

  @Test
  void exposesAFallbackOnlyAfterADisagreement() {
    AtomicBoolean fellBack = new AtomicBoolean();
    monitoring.watchFallback("m", fellBack::get);
    // Some models are computed layer by layer from the start.
    monitoring.stream().drained(batch(MODEL.withEngine(EngineKind.LAYERWISE.label())));
    assertThat(monitoring.scrape()).contains("attribution_engine_fallback{model=\"m\"} 0.0");

    fellBack.set(true);

    assertThat(monitoring.scrape()).contains("attribution_engine_fallback{model=\"m\"} 1.0");
  }

  @Test
  void countsDeliveriesOnceThereIsAWebhook() {
    assertThat(monitoring.scrape()).doesNotContain("attribution_webhook");

    DeliveryListener webhook = monitoring.webhook();
    webhook.retried();
    webhook.finished(Outcome.GIVEN_UP);

    assertThat(monitoring.scrape())
        .contains("attribution_webhook_retries_total 1.0")
        .contains("attribution_webhook_deliveries_total{outcome=\"given_up\"} 1.0")
        .contains("attribution_webhook_deliveries_total{outcome=\"delivered\"} 0.0");
  }

  private static DrainedBatch batch(ModelIdentity model) {
    VerificationSummary summary = new VerificationSummary(1, 1, 0, 1, 0, 1, 0, 0);
    return new DrainedBatch(
        model,
        1,
        Trigger.FULL,
        1,
        1,
        1,
        Optional.of(new Verified(model, new Origin("t", 0, 0), 0, 0, 0, summary, 0, 0, 0)));
  }
}
