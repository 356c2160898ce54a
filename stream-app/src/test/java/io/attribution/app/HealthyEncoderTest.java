package io.attribution.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.admission.AdmissionCheck;
import io.attribution.admission.AdmittedModel;
import io.attribution.attribution.Attributed;
import io.attribution.attribution.Attributor;
import io.attribution.attribution.Outcome;
import io.attribution.attribution.Wanted;
import io.attribution.batch.FloatMatrix;
import io.attribution.batch.Origin;
import io.attribution.bundle.BundleLoader;
import io.attribution.config.ConfigLoader;
import io.attribution.drift.Alert;
import io.attribution.drift.LinearityWatch;
import io.attribution.drift.ModelKey;
import io.attribution.drift.Observation;
import io.attribution.drift.ProbableCause;
import io.attribution.jacobian.EngineKind;
import io.attribution.reduction.Reduction;
import io.attribution.verification.VerificationSummary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A healthy exact encoder never raises the linearity alarm, whatever it is fed: heavy tails,
 * shifts, scales from 1e-6 to 1e6, rows that hardly differ, batches of any size.
 */
class HealthyEncoderTest {
  private static final int BATCHES = 600;
  private static final Path DIGITS = Path.of("..", "examples", "digits", "bundle");

  @ParameterizedTest
  @EnumSource(names = {"LAYERS", "AUTOGRAD"})
  void neverRaisesTheLinearityAlarm(EngineKind kind) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    LinearityWatch watch = watch();
    List<Alert> alerts = new ArrayList<>();
    try (AdmittedModel model = AdmissionCheck.admit(BundleLoader.load(DIGITS), kind);
        Attributor attributor =
            model.attributor(new Wanted(true, Optional.of(new Reduction.L2())))) {
      for (int i = 0; i < BATCHES; i++) {
        FloatMatrix rows = rows(1 + random.nextInt(kind == EngineKind.LAYERS ? 64 : 8), random);
        List<Outcome> outcomes =
            model.isolating(attributor).attribute(rows, attributor.newMemory().of(rows.rows()));
        observation(outcomes, i).flatMap(watch::observe).ifPresent(alerts::add);
      }
    }

    assertThat(alerts).as("seed " + seed).isEmpty();
  }

  private static LinearityWatch watch() {
    Map<String, String> all =
        Map.of(
            "bundles", DIGITS.toString(),
            "bootstrap.servers", "none:1",
            "drift.linearity.detectors", "cusum,ewma,page_hinkley,adwin");
    return DriftWiring.linearity(ConfigLoader.of(all, "test"), model -> ProbableCause.UNKNOWN)
        .watch(new ModelKey("digits", "1", "abc"), 1e-4);
  }

  /** One family of rows per batch. */
  private static FloatMatrix rows(int count, Random random) {
    FloatMatrix rows = FloatMatrix.allocateDirect(count, 64);
    double scale = Math.pow(10, 12 * random.nextDouble() - 6);
    double shift = random.nextBoolean() ? 0 : scale * 100 * random.nextGaussian();
    int family = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      float[] row = new float[64];
      for (int k = 0; k < row.length; k++) {
        double value =
            switch (family) {
              case 0 -> random.nextGaussian();
              case 1 -> random.nextGaussian() / Math.max(1e-4, Math.abs(random.nextGaussian()));
              case 2 -> random.nextInt(8) == 0 ? random.nextGaussian() : 0;
              default -> 1 + 1e-5 * random.nextGaussian();
            };
        row[k] = (float) (shift + scale * value);
      }
      rows.setRow(i, row);
    }
    return rows;
  }

  private static Optional<Observation> observation(List<Outcome> outcomes, int batch) {
    VerificationSummary summary = VerificationSummary.EMPTY;
    double worst = 0;
    long inexact = 0;
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Attributed attributed) {
        summary = summary.merge(attributed.verification());
        worst = Math.max(worst, attributed.verification().relativeError());
        inexact += attributed.verification().relativeError() > 1e-4 ? 1 : 0;
      }
    }
    return summary.count() == 0
        ? Optional.empty()
        : Optional.of(
            new Observation(
                summary, inexact, "e", new Origin("in", 0, batch), worst, batch, batch));
  }
}
