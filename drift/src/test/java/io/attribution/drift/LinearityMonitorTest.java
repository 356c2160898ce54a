package io.attribution.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.drift.detector.CusumSettings;
import io.attribution.engine.verification.VerificationSummary;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LinearityMonitorTest {
  private static final ModelKey MODEL = new ModelKey("m", "1", "abc");
  private static final double TOLERANCE = 1e-4;
  private static final Duration RESOLVE_AFTER = Duration.ofSeconds(10);

  private final AtomicInteger diagnoses = new AtomicInteger();
  private Optional<CusumSettings> growth = Optional.empty();
  private LinearityMonitor monitor = monitor();
  private long second;

  private LinearityMonitor monitor() {
    return new LinearityMonitor(
        MODEL,
        new LinearityPolicy(TOLERANCE, growth, RESOLVE_AFTER),
        new Diagnostician() {
          @Override
          public ProbableCause diagnose(ModelKey model) {
            diagnoses.incrementAndGet();
            return new ProbableCause(Optional.of("bias_present"), "f(0) is not 0");
          }

          @Override
          public ProbableCause ofFallback() {
            return new ProbableCause(Optional.of("engines_disagree"), "");
          }
        });
  }

  /** One batch per second of event time. */
  private Optional<Alert> observe(long rows, double magnitude, double error, String engine) {
    second++;
    VerificationSummary summary =
        new VerificationSummary(
            rows, rows, -magnitude, magnitude / 2, -magnitude, magnitude / 2, error, error * rows);
    return monitor.observe(
        new Observation(
            summary,
            error / magnitude > TOLERANCE ? rows : 0,
            engine,
            new Origin("in", 0, second),
            error / magnitude,
            second * 1000,
            second * 1000 + 999));
  }

  private Optional<Alert> observe(double relativeError) {
    return observe(100, 2, 2 * relativeError, "layers");
  }

  @Test
  void alarmsAtTheFirstBatchBeyondTheTolerance() {
    assertThat(observe(1e-6)).isEmpty();

    Alert alert = observe(1.5e-3).orElseThrow();

    assertThat(alert.open()).isTrue();
    assertThat(alert.alarm().severity()).isEqualTo(Severity.CRITICAL);
    assertThat(alert.alarm().since()).isEqualTo(2000);
    assertThat(alert.alarm().worst()).contains(new Origin("in", 0, 2));
    assertThat(alert.cause()).contains("bias_present");
    assertThat(alert.alarm().message()).contains("1.5e-03", "tolerance 1.0e-04", "f(0) is not 0");
  }

  @Test
  void diagnosesTheCauseOnce() {
    for (int i = 0; i < 5; i++) {
      observe(0.1);
    }

    assertThat(diagnoses).hasValue(1);
  }

  @Test
  void warnsOfLastingGrowthBelowTheTolerance() throws IOException {
    growth = Optional.of(new CusumSettings(1e6, 3, 20, 0.1, 1e-5));
    monitor = monitor();
    for (int i = 0; i < 20; i++) {
      observe(2e-5);
    }
    Optional<Alert> alert = Optional.empty();
    for (int i = 0; i < 5 && alert.isEmpty(); i++) {
      restart();
      alert = observe(6e-5);
    }

    Alarm alarm = alert.orElseThrow().alarm();
    assertThat(alarm.severity()).isEqualTo(Severity.WARNING);
    assertThat(alarm.detector()).isEqualTo("cusum");
    assertThat(alarm.since()).isEqualTo(21_000);
    assertThat(alarm.statistic()).isGreaterThan(alarm.threshold());
    assertThat(alarm.message()).contains("has grown to 6.0e-05", "tolerance of 1.0e-04");
  }

  @Test
  void resolvesOnlyAfterAQuietTime() {
    observe(0.1);
    List<Alert> later = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      observe(1e-6).ifPresent(later::add);
    }
    assertThat(later).isEmpty();

    observe(1e-6).ifPresent(later::add);

    assertThat(later).hasSize(1);
    assertThat(later.get(0).state()).isEqualTo("resolved");
    assertThat(later.get(0).id()).isEqualTo("m/1/linearity_error/in-0@1");
    assertThat(observe(1e-6)).isEmpty();
  }

  @Test
  void anErrorThatComesAndGoesIsOneAlert() {
    List<Alert> alerts = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      observe(i % 5 == 0 ? 0.1 : 1e-6).ifPresent(alerts::add);
    }

    assertThat(alerts).hasSize(1);
  }

  @Test
  void judgesARowWhoseOutputsCancelRelativeToTheModelsUsualOutputs() {
    observe(100, 2, 1e-6, "layers");

    // By itself its relative error would be 5e-4.
    assertThat(observe(1, 2e-3, 1e-6, "layers")).isEmpty();
  }

  @Test
  void judgesTheFirstFewRowsTogether() {
    assertThat(observe(1, 2e-3, 1e-6, "layers")).isEmpty();
    assertThat(observe(1, 2, 1e-6, "layers")).isEmpty();
    assertThat(observe(1, 1, 1e-6, "layers")).isEmpty();
  }

  @Test
  void findsAFaultWithinThreeBatchesOfOneRow() {
    assertThat(observe(1, 1, 0.1, "layers")).isEmpty();
    assertThat(observe(1, 1, 0.1, "layers")).isEmpty();
    assertThat(observe(1, 1, 0.1, "layers")).isPresent();
  }

  @Test
  void aHugeRowHidesNoFaultOfTheOthers() {
    observe(100, 1e6, 0.1, "layers");

    Alert alert = observe(100, 1, 0.01, "layers").orElseThrow();

    assertThat(alert.alarm().detector()).isEqualTo("inexact_share");
    assertThat(alert.alarm().message()).contains("100 of 100 records");
  }

  @Test
  void saysWhenTheEngineWasReplacedByItsGuard() {
    observe(100, 2, 1e-6, "layers");

    Alert alert = observe(100, 2, 1e-6, "layerwise").orElseThrow();

    assertThat(alert.cause()).contains("engines_disagree");
    assertThat(alert.alarm().severity()).isEqualTo(Severity.WARNING);
    assertThat(diagnoses).hasValue(0);
  }

  @Test
  void anEngineThatAlwaysWasLayerwiseIsNoFault() {
    for (int i = 0; i < 5; i++) {
      assertThat(observe(100, 2, 1e-6, "layerwise")).isEmpty();
    }
  }

  @Test
  void endsItsAlertWithTheModel() {
    observe(0.1);

    Alert ended = monitor.retire(50_000, "it is gone").orElseThrow();

    assertThat(ended.state()).isEqualTo("resolved");
    assertThat(ended.alarm().message()).isEqualTo("resolved: it is gone");
    assertThat(monitor.retire(60_000, "it is gone")).isEmpty();
  }

  @Test
  void continuesAfterARestart() throws IOException {
    observe(1, 1, 0.1, "layers");
    restart();
    observe(1, 1, 0.1, "layers");
    restart();
    assertThat(observe(1, 1, 0.1, "layers")).isPresent();
    restart();
    assertThat(observe(0.1)).isEmpty();
    for (int i = 0; i < 9; i++) {
      restart();
      assertThat(observe(1e-6)).isEmpty();
    }

    assertThat(observe(1e-6).orElseThrow().state()).isEqualTo("resolved");
  }

  private void restart() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    monitor.writeTo(new DataOutputStream(bytes));
    monitor = monitor();
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    monitor.readFrom(in);
    assertThat(in.read()).as("all bytes read").isEqualTo(-1);
  }
}
