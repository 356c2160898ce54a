package io.attribution.stream.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.drift.Alert;
import io.attribution.drift.LinearityWatch;
import io.attribution.drift.ModelKey;
import io.attribution.drift.Observation;
import io.attribution.drift.Origin;
import io.attribution.drift.Severity;
import io.attribution.engine.admission.AdmissionCheck;
import io.attribution.engine.attribution.Attributed;
import io.attribution.engine.attribution.Outcome;
import io.attribution.engine.attribution.ResultSelection;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.bundle.TestFiles;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.EngineKind;
import io.attribution.engine.verification.VerificationSummary;
import io.attribution.stream.config.ConfigLoader;
import io.attribution.stream.csv.FeatureCsv;
import io.attribution.stream.models.ModelExplainer;
import io.attribution.stream.pending.BatchPolicy;
import io.attribution.stream.serde.ModelIdentity;
import io.attribution.stream.topology.RecentRows;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A real encoder that is broken in a way that teams really break encoders raises the linearity
 * alarm within three batches, whatever their size, and the alert names the cause.
 */
class InjectedFaultTest {
  private static final Path DIGITS = Path.of("..", "examples", "digits");
  private static final Path NARROW = TestFiles.folder("diagnosis");
  private static final int MOST_BATCHES = 3;

  @ParameterizedTest
  @CsvSource({
    "bias, bias_present, 1",
    "bias, bias_present, 64",
    "mean, mean_not_subtracted, 1",
    "mean, mean_not_subtracted, 64",
    "detach, variance_not_detached, 1",
    "detach, variance_not_detached, 64"
  })
  void alarmsWithinThreeBatchesAndNamesTheCause(String fault, String cause, int rows) {
    ModelBundle bundle = BundleLoader.load(DIGITS.resolve("faults").resolve(fault));
    try (FeatureCsv csv = FeatureCsv.open(DIGITS.resolve("data.csv"), bundle.features())) {
      assertAlarm(bundle, csv, cause, rows);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "saturating_activation, 1",
    "saturating_activation, 8",
    "low_precision, 1",
    "low_precision, 8"
  })
  void namesTheOtherCausesToo(String cause, int rows) {
    Path folder = NARROW.resolve(cause + "-digits");
    ModelBundle bundle = BundleLoader.load(folder);
    try (FeatureCsv csv = FeatureCsv.open(folder.resolve("rows.csv"), bundle.features())) {
      assertAlarm(bundle, csv, cause, rows);
    }
  }

  private static void assertAlarm(ModelBundle bundle, FeatureCsv csv, String cause, int rows) {
    try (ModelExplainer explainer =
        new ModelExplainer(
            AdmissionCheck.admit(bundle, EngineKind.AUTO),
            ResultSelection.all(new Reduction.L2()),
            new BatchPolicy(64, 1 << 20, Duration.ofMillis(10)),
            0)) {
      Optional<Alert> alert = alert(explainer, csv, rows);

      assertThat(alert).isPresent();
      assertThat(alert.get().cause()).contains(cause);
      assertThat(alert.get().alarm().severity()).isEqualTo(Severity.CRITICAL);
    }
  }

  private static Optional<Alert> alert(ModelExplainer explainer, FeatureCsv csv, int rows) {
    LinearityWatch watch = watch(explainer);
    Optional<Alert> alert = Optional.empty();
    for (int i = 0; i < MOST_BATCHES && alert.isEmpty(); i++) {
      FloatMatrix batch = FloatMatrix.allocateDirect(rows, explainer.model().features());
      for (int row = 0; row < rows; row++) {
        float[] values = csv.newRow();
        assertThat(csv.next(values)).isTrue();
        batch.setRow(row, values);
      }
      alert = watch.observe(observation(explainer.model(), explainer.explain(batch), i));
    }
    return alert;
  }

  /** As the application makes it; no row was sampled yet when the alert opens. */
  private static LinearityWatch watch(ModelExplainer explainer) {
    Map<String, String> settings = Map.of("bundles", "any", "bootstrap.servers", "none:1");
    ModelIdentity model = explainer.model();
    return DriftWiring.linearity(
            ConfigLoader.of(settings, "test"),
            new ModelDiagnostician(List.of(explainer), new RecentRows()))
        .watch(new ModelKey(model.name(), model.version(), model.fingerprint()), model.tolerance());
  }

  private static Observation observation(ModelIdentity model, List<Outcome> outcomes, int batch) {
    VerificationSummary summary = VerificationSummary.EMPTY;
    double worst = 0;
    long inexact = 0;
    for (Outcome outcome : outcomes) {
      VerificationSummary row = ((Attributed) outcome).verification();
      summary = summary.merge(row);
      worst = Math.max(worst, row.relativeError());
      inexact += row.relativeError() > model.tolerance() ? 1 : 0;
    }
    return new Observation(
        summary, inexact, model.engine(), new Origin("in", 0, batch), worst, batch, batch);
  }
}
