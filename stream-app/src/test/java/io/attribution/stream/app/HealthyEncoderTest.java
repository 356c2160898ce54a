package io.attribution.stream.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.drift.Alert;
import io.attribution.drift.LinearityWatch;
import io.attribution.drift.ModelKey;
import io.attribution.drift.Observation;
import io.attribution.drift.Origin;
import io.attribution.drift.ProbableCause;
import io.attribution.engine.admission.AdmissionCheck;
import io.attribution.engine.admission.AdmittedModel;
import io.attribution.engine.attribution.Attributed;
import io.attribution.engine.attribution.Attributor;
import io.attribution.engine.attribution.Outcome;
import io.attribution.engine.attribution.ResultSelection;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.EngineKind;
import io.attribution.engine.verification.VerificationSummary;
import io.attribution.stream.config.ConfigLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A healthy exact encoder never raises the linearity alarm, whatever it is fed: heavy tails,
 * shifts, scales from 1e-6 to 1e6, rows that hardly differ, batches of any size.
 */
class HealthyEncoderTest {
  private static final int BATCHES = 600;
  private static final int BATCHES_BEFORE = 150;
  private static final int BATCHES_AFTER = 50;
  private static final Path DIGITS = Path.of("..", "examples", "digits", "bundle");

  @ParameterizedTest
  @EnumSource(names = {"LAYERS", "AUTOGRAD"})
  void neverRaisesTheLinearityAlarm(EngineKind kind) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int largest = kind == EngineKind.LAYERS ? 64 : 8;

    List<Observation> batches =
        explained(kind, BATCHES, i -> rows(1 + random.nextInt(largest), random));

    assertThat(alerts("float32", batches)).as("seed " + seed).isEmpty();
  }

  /**
   * Large batches of mostly empty rows after small ones of full rows: the largest rounding error of
   * a batch grows from some 0.3e-6 to 1.3e-6. The detector finds that where the floor is too low,
   * such as that of float64.
   */
  @ParameterizedTest
  @EnumSource(names = {"LAYERS", "AUTOGRAD"})
  void theFloorKeepsGrowthQuietThatRoundingExplains(EngineKind kind) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);

    List<Observation> batches =
        explained(
            kind,
            BATCHES_BEFORE + BATCHES_AFTER,
            i -> i < BATCHES_BEFORE ? rows(2, 1, random) : rows(64, 8, random));

    assertThat(alerts("float32", batches)).as("seed " + seed).isEmpty();
    assertThat(alerts("float64", batches)).as("seed " + seed).isNotEmpty();
  }

  /** Of every so many values one is not 0. */
  private static FloatMatrix rows(int count, int every, Random random) {
    FloatMatrix rows = FloatMatrix.allocateDirect(count, 64);
    for (int i = 0; i < rows.rows(); i++) {
      float[] row = new float[64];
      for (int k = 0; k < row.length; k++) {
        row[k] = random.nextInt(every) == 0 ? (float) random.nextGaussian() : 0;
      }
      rows.setRow(i, row);
    }
    return rows;
  }

  private static List<Observation> explained(
      EngineKind kind, int count, IntFunction<FloatMatrix> batches) {
    List<Observation> observations = new ArrayList<>();
    try (AdmittedModel model = AdmissionCheck.admit(BundleLoader.load(DIGITS), kind);
        Attributor attributor = model.attributor(ResultSelection.all(new Reduction.L2()))) {
      for (int i = 0; i < count; i++) {
        FloatMatrix rows = batches.apply(i);
        List<Outcome> outcomes = attributor.explain(rows);
        observation(outcomes, i).ifPresent(observations::add);
      }
    }
    return observations;
  }

  /** What the application says of these batches when it is told to compute in this precision. */
  private static List<Alert> alerts(String precision, List<Observation> batches) {
    LinearityWatch watch = watch(precision);
    return batches.stream().flatMap(batch -> watch.observe(batch).stream()).toList();
  }

  private static LinearityWatch watch(String precision) {
    Map<String, String> all =
        Map.of(
            "bundles",
            DIGITS.toString(),
            "bootstrap.servers",
            "none:1",
            "engine.precision",
            precision);
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
