package io.attribution.stream.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.drift.Alarm;
import io.attribution.drift.Alert;
import io.attribution.drift.Kind;
import io.attribution.drift.ModelKey;
import io.attribution.drift.Origin;
import io.attribution.drift.Severity;
import io.attribution.engine.attribution.Rejected.Reason;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.verification.VerificationSummary;
import io.attribution.stream.serde.ModelIdentity;
import io.attribution.stream.serde.Verified;
import io.attribution.stream.topology.DrainedBatch;
import io.attribution.stream.topology.DrainedBatch.Trigger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MonitoringTest {
  private static final ModelIdentity MODEL =
      new ModelIdentity("m", "1", "fingerprint", 1e-4, "layers", ContributionMethod.JACOBIAN, 1, 2);

  private final Monitoring monitoring = new Monitoring(List.of("m"));

  @AfterEach
  void close() {
    monitoring.close();
  }

  @Test
  void countsBatchesAndWhatTheyTook() {
    monitoring.stream().drained(batch(MODEL, 3, 2e-6));
    monitoring.stream().drained(batch(MODEL, 5, 1e-6));

    assertThat(monitoring.scrape())
        .contains("attribution_records_total{model=\"m\",outcome=\"explained\"} 8.0")
        .contains("attribution_drains_total{model=\"m\",trigger=\"full\"} 2.0")
        .contains("attribution_drains_total{model=\"m\",trigger=\"linger\"} 0.0")
        .contains("attribution_batch_rows_sum{model=\"m\"} 8.0")
        .contains("attribution_stage_seconds_sum{stage=\"explain\"} 0.004")
        .contains("attribution_relative_error{model=\"m\"} 1.0E-6")
        .contains("attribution_relative_error_max{model=\"m\"} 2.0E-6");
    StreamFigures figures = monitoring.stream().figures();
    assertThat(figures.explained()).isEqualTo(8);
    assertThat(figures.meanRows()).isEqualTo(4);
    assertThat(figures.maxRows()).isEqualTo(5);
    assertThat(figures.stageMillis()).containsEntry("explain", 2.0);
  }

  /** 0 would be an error that nobody measured: the best there is. */
  @Test
  void knowsNoErrorBeforeTheFirstBatch() {
    assertThat(monitoring.scrape())
        .contains("attribution_relative_error{model=\"m\"} NaN")
        .contains("attribution_relative_error_max{model=\"m\"} NaN")
        .contains("attribution_tolerance{model=\"m\"} NaN");
  }

  @Test
  void countsDeadLettersByReasonAndModel() {
    monitoring.stream().rejected(Optional.empty(), Reason.TOMBSTONE);
    monitoring.stream().rejected(Optional.of(MODEL), Reason.ENCODER_FAILED);

    assertThat(monitoring.scrape())
        .contains("attribution_dead_letters_total{reason=\"tombstone\"} 1.0")
        .contains("attribution_records_total{model=\"none\",outcome=\"dead_letter\"} 1.0")
        .contains("attribution_records_total{model=\"m\",outcome=\"dead_letter\"} 1.0");
    assertThat(monitoring.stream().figures().deadLetters())
        .isEqualTo(Map.of("tombstone", 1L, "encoder_failed", 1L));
  }

  /** Names in records are somebody else's: they must not become labels. */
  @Test
  void makesNoLabelsOfModelsThatAreNotLoaded() {
    ModelIdentity stranger =
        new ModelIdentity("stranger", "1", "f", 1e-4, "layers", ContributionMethod.JACOBIAN, 1, 2);

    monitoring.stream().drained(batch(stranger, 3, 0));
    monitoring.stream().rejected(Optional.of(stranger), Reason.ENCODER_FAILED);

    assertThat(monitoring.scrape()).doesNotContain("stranger");
  }

  @Test
  void theEndOfAnOldVersionsAlertIsNotThatOfTheNewVersions() {
    monitoring.alerts().changed(alert("old", true));
    monitoring.alerts().changed(alert("new", true));
    monitoring.alerts().changed(alert("old", false));

    assertThat(monitoring.scrape())
        .contains("attribution_alert_open{kind=\"linearity_error\",model=\"m\"} 1.0")
        .contains(
            "attribution_alerts_total{kind=\"linearity_error\",model=\"m\",state=\"open\"} 2.0");

    monitoring.alerts().forget(new ModelKey("m", "new", "new"), Kind.LINEARITY_ERROR);

    assertThat(monitoring.scrape())
        .contains("attribution_alert_open{kind=\"linearity_error\",model=\"m\"} 0.0");
  }

  private static Alert alert(String version, boolean open) {
    Alarm alarm =
        new Alarm(
            Kind.LINEARITY_ERROR,
            Severity.CRITICAL,
            1,
            2,
            "threshold",
            1,
            0,
            Optional.empty(),
            "",
            List.of());
    ModelKey model = new ModelKey("m", version, version);
    return new Alert(model, version, open, 2, alarm, Optional.empty());
  }

  @Test
  void measuresThroughputOverTheLastSeconds() {
    ThroughputWindow window = new ThroughputWindow();
    assertThat(window.perSecond()).isZero();
    for (int second = 0; second <= 60; second++) {
      window.observe(TimeUnit.SECONDS.toNanos(second), second < 30 ? 0 : 100L * (second - 30));
    }

    assertThat(window.perSecond()).isEqualTo(100);
  }

  private static DrainedBatch batch(ModelIdentity model, int rows, double error) {
    VerificationSummary summary =
        new VerificationSummary(rows, rows, 0, 1 - 1e-8, -1, 1, error, error);
    Verified verified =
        new Verified(model, new Origin("t", 0, 0), rows, 0, 0, summary, 0, error, 0);
    long millis = TimeUnit.MILLISECONDS.toNanos(2);
    return new DrainedBatch(
        model, rows, Trigger.FULL, millis, millis, millis, Optional.of(verified));
  }
}
