package io.attribution.engine.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.attribution.engine.admission.AdmissionCheck;
import io.attribution.engine.admission.AdmittedModel;
import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.bundle.BundleFixture;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.bundle.TestFiles;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.method.Baseline;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.method.MethodChoice;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.EngineChoice;
import io.attribution.engine.runtime.EngineKind;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** base + Σ contributions = embedding, by every method. */
class MethodTest {
  private static final ResultSelection ALL = ResultSelection.all(new Reduction.L2());
  private static final double TOLERANCE = 1e-4;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "prelu-deep-shared, LAYERS, JACOBIAN, exact",
    "biased, LAYERS, AFFINE, exact",
    "gelu, AUTOGRAD, INTEGRATED_GRADIENTS, complete"
  })
  void automaticallyTakesTheFirstThatAddsUp(
      String name, EngineKind engine, ContributionMethod expected, String label) {
    try (AdmittedModel model = admit(golden(name), engine, ContributionMethod.AUTO)) {
      assertThat(model.report().method()).isEqualTo(expected);
      assertThat(model.report().label()).isEqualTo(label);
    }
  }

  /** What a deployment with a fault would be noticed by. */
  @Test
  void bundlesOfBeforeKeepTheirPromise() {
    try (AdmittedModel model =
        AdmissionCheck.admit(BundleLoader.load(golden("biased")), EngineKind.LAYERS)) {
      assertThat(model.report().method()).isEqualTo(ContributionMethod.JACOBIAN);
      assertThat(model.report().label()).isEqualTo("approximate");
      assertThat(model.report().checks()).last().asString().contains("method auto");
    }
  }

  /** The reference knows the intercept as what its float64 Jacobians leave. */
  @Test
  void affineGivesTheInterceptOfTheReference() {
    GoldenCase golden = GoldenCase.named("biased");
    List<Attributed> rows =
        explain(
            golden.directory(),
            EngineKind.LAYERS,
            MethodChoice.of(ContributionMethod.AFFINE),
            golden.features());

    double[][] z = golden.rows("z");
    double[][] contributions = golden.rows("contributions");
    double[][] intercepts = new double[z.length][z[0].length];
    for (int row = 0; row < z.length; row++) {
      for (int o = 0; o < z[row].length; o++) {
        int features = contributions[row].length / z[row].length;
        intercepts[row][o] =
            z[row][o] - Arrays.stream(contributions[row], o * features, (o + 1) * features).sum();
      }
    }
    RowAgreement.assertRows(intercepts, rows.stream().map(Attributed::base).toList());
    RowAgreement.assertRows(contributions, rows.stream().map(Attributed::contributions).toList());
    assertAddsUp(rows, 1e-5);
  }

  @Test
  void affineIsRefusedWhereConstantsAreNotKnown() {
    assertThatExceptionOfType(BundleException.class)
        .isThrownBy(() -> admit(golden("gelu"), EngineKind.AUTOGRAD, ContributionMethod.AFFINE))
        .withMessageContaining("integrated_gradients");
  }

  @ParameterizedTest
  @ValueSource(strings = {"MEAN", "ZEROS"})
  void integratedGradientsAddUpToTheWayFromTheBaseline(Baseline baseline) {
    MethodChoice choice =
        new MethodChoice(
            Optional.of(ContributionMethod.INTEGRATED_GRADIENTS), Optional.of(baseline), 256);
    List<Attributed> rows = explain(golden("gelu"), EngineKind.AUTOGRAD, choice, inputs(10, 200));

    assertAddsUp(rows, TOLERANCE);
    float[] atBaseline =
        explain(golden("gelu"), EngineKind.AUTOGRAD, choice, new float[1][10]).get(0).embedding();
    assertThat(rows.get(0).base()).usingComparatorWithPrecision(1e-5f).containsExactly(atBaseline);
  }

  /** Nodes go where the kinks are: as many in even steps would miss by some 3e-3. */
  @Test
  void pathsThatCrossKinksAddUp() {
    Path bundle = TestFiles.folder("golden-graph").resolve("bias-mlp");
    float[][] inputs = inputs(BundleLoader.load(bundle).featureCount(), 200);

    List<Attributed> rows =
        explain(
            bundle,
            EngineKind.AUTOGRAD,
            MethodChoice.of(ContributionMethod.INTEGRATED_GRADIENTS),
            inputs);

    assertThat(rows)
        .filteredOn(row -> row.verification().relativeError() > 1e-3)
        .hasSizeLessThan(inputs.length / 20);
  }

  /** Panels of a row that stand in different chunks share the row's nodes. */
  @Test
  void noRowTakesMoreNodesThanItMay() {
    MethodChoice choice =
        new MethodChoice(
            Optional.of(ContributionMethod.INTEGRATED_GRADIENTS), Optional.empty(), 40);

    List<Attributed> rows = explain(golden("biased"), EngineKind.LAYERS, choice, inputs(10, 400));

    assertThat(rows).allSatisfy(row -> assertThat(row.nodes()).isBetween(5, 40));
    assertThat(rows).anySatisfy(row -> assertThat(row.nodes()).isGreaterThan(30));
  }

  /** With a fixed rule of very many nodes, from the Jacobians of the other method. */
  @Test
  void integratedGradientsAreTheIntegralOfTheJacobians() {
    float[][] inputs = inputs(10, 20);
    List<Attributed> rows =
        explain(
            golden("gelu"),
            EngineKind.AUTOGRAD,
            MethodChoice.of(ContributionMethod.INTEGRATED_GRADIENTS),
            inputs);
    int steps = 1000;
    double[][] expected = new double[inputs.length][rows.get(0).contributions().length];
    for (int row = 0; row < inputs.length; row++) {
      float[][] path = new float[steps][];
      for (int step = 0; step < steps; step++) {
        path[step] = scaled(inputs[row], (step + 0.5f) / steps);
      }
      List<Attributed> along =
          explain(
              golden("gelu"),
              EngineKind.AUTOGRAD,
              MethodChoice.of(ContributionMethod.JACOBIAN),
              path);
      for (int step = 0; step < steps; step++) {
        float[] contributions = along.get(step).contributions();
        for (int i = 0; i < contributions.length; i++) {
          expected[row][i] += contributions[i] / ((step + 0.5) / steps) / steps;
        }
      }
    }

    RowAgreement.assertRows(expected, rows.stream().map(Attributed::contributions).toList());
  }

  @Test
  void aRowThatMissesAtTheLimitOfNodesSaysSo() {
    MethodChoice few =
        new MethodChoice(Optional.of(ContributionMethod.INTEGRATED_GRADIENTS), Optional.empty(), 5);
    Attributed row = explain(biasedRelu(), EngineKind.LAYERS, few, kinked()).get(0);

    assertThat(row.nodes()).isEqualTo(5);
    assertThat(row.verification().relativeError()).isGreaterThan(1e-3);
    assertThat(missed(row)).isCloseTo(row.verification().relativeError(), within(1e-6));
  }

  /** A kink on the path is halved in on: error falls with the width of its panel. */
  @Test
  void nodesGoWhereTheKinkIs() {
    Attributed row =
        explain(
                biasedRelu(),
                EngineKind.LAYERS,
                MethodChoice.of(ContributionMethod.INTEGRATED_GRADIENTS),
                kinked())
            .get(0);

    assertThat(row.verification().relativeError()).isLessThan(TOLERANCE);
    assertThat(row.nodes()).isBetween(10, 256);
  }

  @Test
  void aRowAtItsBaselineIsComplete() {
    for (String name : List.of("gelu", "biased")) {
      Attributed row =
          explain(
                  golden(name),
                  EngineKind.AUTO,
                  MethodChoice.of(ContributionMethod.INTEGRATED_GRADIENTS),
                  new float[1][10])
              .get(0);

      assertThat(row.contributions()).usingComparatorWithPrecision(0f).containsOnly(0f);
      assertThat(row.verification().relativeError()).isZero();
    }
  }

  @Test
  void expectedGradientsAddUpAndStateTheirError() {
    float[][] reference = new float[60][];
    Random random = new Random(5);
    float[] flat = new float[2 * reference.length];
    for (int i = 0; i < reference.length; i++) {
      reference[i] = new float[] {(float) random.nextGaussian(), (float) random.nextGaussian()};
      flat[2 * i] = reference[i][0];
      flat[2 * i + 1] = reference[i][1];
    }
    Path bundle =
        relu(BundleFixture.linear(folder), 0.5f)
            .model(model -> model.put("reference", "r"))
            .tensor("r", List.of(60, 2), flat)
            .write();

    List<Attributed> rows =
        explain(
            bundle,
            EngineKind.LAYERS,
            MethodChoice.of(ContributionMethod.EXPECTED_GRADIENTS),
            inputs(2, 20));

    assertAddsUp(rows, 1e-3);
    assertThat(rows)
        .allSatisfy(row -> assertThat(row.standardError().orElseThrow()).isBetween(0.01, 2.0));
  }

  @Test
  void expectedGradientsNeedAReference() {
    assertThatExceptionOfType(BundleException.class)
        .isThrownBy(
            () -> admit(golden("gelu"), EngineKind.AUTOGRAD, ContributionMethod.EXPECTED_GRADIENTS))
        .withMessageContaining("--reference");
  }

  /** One kink: |p| and |q| of the fixture, shifted. */
  private Path biasedRelu() {
    return relu(BundleFixture.linear(folder), 0.5f).write();
  }

  private static float[][] kinked() {
    return new float[][] {{-3f, 1f}};
  }

  private static BundleFixture relu(BundleFixture fixture, float bias) {
    return fixture
        .layer(layer -> layer.put("bias", "b"))
        .tensor("b", List.of(2), bias, -bias)
        .model(
            model -> {
              model.withArray("layers").addObject().put("type", "relu");
              model.withArray("layers").addObject().put("type", "linear").put("weight", "w");
            });
  }

  private static float[][] inputs(int width, int count) {
    Random random = new Random(3);
    float[][] rows = new float[count][width];
    for (float[] row : rows) {
      for (int k = 0; k < width; k++) {
        row[k] = (float) (2 * random.nextGaussian());
      }
    }
    return rows;
  }

  private static float[] scaled(float[] row, float factor) {
    float[] scaled = row.clone();
    for (int k = 0; k < scaled.length; k++) {
      scaled[k] *= factor;
    }
    return scaled;
  }

  private static void assertAddsUp(List<Attributed> rows, double tolerance) {
    long missing = rows.stream().filter(row -> missed(row) > tolerance).count();
    assertThat(missing).isLessThanOrEqualTo(rows.size() / 100);
  }

  /** max |z − base − Σ C| / max |z − base|. */
  private static double missed(Attributed row) {
    float[] z = row.embedding();
    float[] base = row.base();
    float[] contributions = row.contributions();
    int features = contributions.length / z.length;
    double error = 0;
    double change = 1e-8;
    for (int o = 0; o < z.length; o++) {
      double sum = 0;
      for (int k = 0; k < features; k++) {
        sum += contributions[o * features + k];
      }
      error = Math.max(error, Math.abs((double) z[o] - base[o] - sum));
      change = Math.max(change, Math.abs((double) z[o] - base[o]));
    }
    return error / change;
  }

  private static Path golden(String name) {
    return GoldenCase.named(name).directory();
  }

  private static AdmittedModel admit(Path bundle, EngineKind engine, ContributionMethod method) {
    return admit(bundle, engine, MethodChoice.of(method));
  }

  private static AdmittedModel admit(Path bundle, EngineKind engine, MethodChoice method) {
    ModelBundle loaded = BundleLoader.load(bundle);
    return AdmissionCheck.admit(loaded, EngineChoice.of(engine).with(method));
  }

  private static List<Attributed> explain(
      Path bundle, EngineKind engine, MethodChoice method, float[][] rows) {
    try (AdmittedModel model = admit(bundle, engine, method);
        Attributor attributor = model.attributor(ALL)) {
      return attributor.explain(FloatMatrix.of(rows)).stream().map(Attributed.class::cast).toList();
    }
  }
}
