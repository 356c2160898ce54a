package io.attribution.engine.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.admission.AdmissionCheck;
import io.attribution.engine.admission.AdmittedModel;
import io.attribution.engine.attribution.Rejected.Reason;
import io.attribution.engine.bundle.BundleFixture;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.internal.torchscript.TorchScriptFile;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.DeviceChoice;
import io.attribution.engine.runtime.EngineChoice;
import io.attribution.engine.runtime.EngineKind;
import io.attribution.engine.runtime.Precision;
import io.attribution.engine.verification.VerificationSummary;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A zero that float32 made is told apart from one that the encoder means, by every engine. */
class OverflowTest {
  private static final Path DIGITS = Path.of("..", "examples", "digits", "bundle");
  private static final double TINY = 1e-4;

  @TempDir Path folder;

  /**
   * Its norm's variance overflows from about 1e19 on; far beyond, outputs are NaN in one engine.
   */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "LAYERS, 1e20", "LAYERWISE, 1e20", "AUTOGRAD, 1e20",
    "LAYERS, 1e25", "LAYERWISE, 1e25", "AUTOGRAD, 1e25",
    "LAYERS, 1e30", "LAYERWISE, 1e30", "AUTOGRAD, 1e30",
    "LAYERS, -3e38", "LAYERWISE, -3e38", "AUTOGRAD, -3e38"
  })
  void rejectsARowThatFloat32Loses(EngineKind engine, float value) {
    ModelBundle bundle = BundleLoader.load(DIGITS);
    float[] lost = new float[bundle.featureCount()];
    Arrays.fill(lost, value);

    List<Outcome> outcomes =
        explain(bundle, EngineChoice.of(engine), lost, mean(bundle), lost, lost);

    for (int row : new int[] {0, 2, 3}) {
      assertThat(outcomes.get(row))
          .isInstanceOfSatisfying(
              Rejected.class, r -> assertThat(r.reason()).isEqualTo(Reason.RESULT_NOT_FINITE));
    }
    assertThat(outcomes.get(1)).isInstanceOf(Attributed.class);
  }

  @ParameterizedTest
  @EnumSource(value = EngineKind.class, mode = EnumSource.Mode.EXCLUDE, names = "GRAPH")
  void explainsLargeRowsThatFloat32Keeps(EngineKind engine) {
    ModelBundle bundle = BundleLoader.load(DIGITS);
    float[] large = new float[bundle.featureCount()];
    Arrays.fill(large, 0x1p60f);

    Attributed row = (Attributed) explain(bundle, EngineChoice.of(engine), large).get(0);

    assertThat(row.verification().relativeError()).isLessThan(TINY);
    assertThat(row.embedding()).doesNotContain(0);
  }

  /** What a row means does not depend on how it is computed. */
  @Test
  void float64GivesTheSameVerdict() {
    ModelBundle bundle = BundleLoader.load(DIGITS);
    float[] lost = new float[bundle.featureCount()];
    Arrays.fill(lost, 1e30f);
    EngineChoice choice = new EngineChoice(EngineKind.LAYERS, Precision.FLOAT64, DeviceChoice.CPU);

    assertThat(explain(bundle, choice, lost).get(0))
        .isInstanceOfSatisfying(
            Rejected.class, r -> assertThat(r.reason()).isEqualTo(Reason.RESULT_NOT_FINITE));
  }

  /** A row well within float32, lost only because the first layer's weights are large. */
  @ParameterizedTest
  @EnumSource(
      value = EngineKind.class,
      names = {"LAYERS", "LAYERWISE"})
  void rejectsARowThatIsLostInside(EngineKind engine) {
    ModelBundle bundle =
        BundleLoader.load(
            BundleFixture.linear(folder, 1e8f, 2e8f, 3e8f, -1e8f)
                .tensor("s", List.of(2), 1, 1)
                .model(
                    m ->
                        m.withArray("layers")
                            .addObject()
                            .put("type", "layer_norm_detached")
                            .put("scale", "s"))
                .write());

    List<Outcome> outcomes =
        explain(
            bundle,
            EngineChoice.of(engine),
            new float[] {0x1p50f, 1},
            new float[] {1e5f, 1},
            new float[] {0, 0});

    assertThat(outcomes.get(0))
        .isInstanceOfSatisfying(
            Rejected.class, r -> assertThat(r.reason()).isEqualTo(Reason.RESULT_NOT_FINITE));
    assertThat(((Attributed) outcomes.get(1)).embedding()).doesNotContain(0);
    assertThat(largest(outcomes.get(2))).isZero();
  }

  /** The mean, and rows on the dead side of every ReLU, however far out: exact, and zero. */
  @ParameterizedTest
  @EnumSource(value = EngineKind.class, mode = EnumSource.Mode.EXCLUDE, names = "GRAPH")
  void keepsHonestZeros(EngineKind engine) {
    ModelBundle bundle =
        BundleLoader.load(
            BundleFixture.linear(folder, 1, 2, 3, 1)
                .file("encoder.pt", program("torch.relu(%s)"))
                .model(m -> m.withArray("layers").addObject().put("type", "relu"))
                .write());

    List<Outcome> outcomes =
        explain(
            bundle,
            EngineChoice.of(engine),
            new float[] {0, 0},
            new float[] {-1, -1},
            new float[] {-1e12f, -1e12f},
            new float[] {-0x1p60f, -0x1p60f},
            new float[] {0x1p60f, 0x1p60f});

    for (Outcome outcome : outcomes) {
      assertThat(((Attributed) outcome).verification().relativeError()).isLessThan(TINY);
    }
    assertThat(largest(outcomes.get(3))).isZero();
    assertThat(((Attributed) outcomes.get(4)).embedding()).doesNotContain(0);
  }

  /** Nothing squares it: its numbers are right in every engine, however far out it lies. */
  @ParameterizedTest
  @EnumSource(value = EngineKind.class, mode = EnumSource.Mode.EXCLUDE, names = "GRAPH")
  void explainsARowBeyondFloat32OfAnEncoderThatDoesNotSquare(EngineKind engine) {
    ModelBundle bundle =
        BundleLoader.load(
            BundleFixture.linear(folder, 1, 2, 3, 1).file("encoder.pt", program("%s")).write());

    List<Outcome> outcomes =
        explain(
            bundle,
            EngineChoice.of(engine),
            new Reduction.Signed(0),
            new float[] {1e20f, 2e20f},
            new float[] {1, -2e37f},
            new float[] {3e38f, 0});

    assertThat(((Attributed) outcomes.get(0)).embedding()).containsExactly(5e20f, 5e20f);
    assertThat(((Attributed) outcomes.get(1)).embedding()).containsExactly(-4e37f, -2e37f);
    assertThat(outcomes.get(2)).as("3 · 3e38").isInstanceOf(Rejected.class);
  }

  /** TorchScript of a function of the product with the weights 1, 2, 3 and 1. */
  private static byte[] program(String function) {
    return TorchScriptFile.ofProgram(
        """
        class Kernel(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          def forward(self: __torch__.Kernel, x: Tensor) -> Tensor:
            return %s
        """
            .formatted(
                function.formatted(
                    "torch.matmul(x, torch.t(torch.tensor([[1., 2.], [3., 1.]])))")));
  }

  private static double largest(Outcome outcome) {
    VerificationSummary summary = ((Attributed) outcome).verification();
    return Math.max(Math.abs(summary.zMin()), Math.abs(summary.zMax()));
  }

  private static float[] mean(ModelBundle bundle) {
    return bundle.preprocessing().mean().orElseThrow().values();
  }

  private static List<Outcome> explain(ModelBundle bundle, EngineChoice choice, float[]... rows) {
    return explain(bundle, choice, new Reduction.L2(), rows);
  }

  private static List<Outcome> explain(
      ModelBundle bundle, EngineChoice choice, Reduction reduction, float[]... rows) {
    try (AdmittedModel model = AdmissionCheck.admit(bundle, choice);
        Attributor attributor = model.attributor(ResultSelection.all(reduction), 1)) {
      List<Outcome> outcomes = attributor.explain(FloatMatrix.of(rows));
      assertThat(attributor.fellBack()).as("one wild row switched the engine").isFalse();
      return outcomes;
    }
  }
}
