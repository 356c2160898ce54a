package io.attribution.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.bundle.BundleFixture;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.internal.torchscript.TorchScriptFile;
import io.attribution.engine.runtime.EngineKind;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionCheckTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          batch-mean         | encoder.pt: the encoder mixes rows: a row's outputs depend on the other rows
          batch-norm         | encoder.pt: the encoder mixes rows: a row's outputs depend on the other rows
          batch-maximum      | encoder.pt: the encoder mixes rows: a row's outputs depend on the other rows
          always-dropping    | encoder.pt: the encoder gives other outputs when it runs again on the same rows
          summed-over-rows   | encoder.pt: the encoder gives shape (1, 2) for 32 rows, expected (32, outputs)
          flat-output        | encoder.pt: the encoder gives shape (32) for 32 rows, expected (32, outputs)
          wrong-output-count | encoder.pt: the encoder gives 3 outputs, but output.names in model.json has 2
          wrong-input-width  | encoder.pt: the encoder fails on a batch of 32 with rows of shape [4]: RuntimeError: mat1
          float64-weights    | encoder.pt: the encoder fails on a batch of 32 with rows of shape [4]: RuntimeError: expected m1
          nan-outputs        | encoder.pt: the encoder gives NaN or infinite outputs for ordinary inputs
          layers-disagree    | layers in model.json and encoder.pt disagree (outputs by
          """)
  void refusesWithTheReason(String name, String reason) {
    refuses(FaultyBundle.named(name), EngineKind.AUTO, reason);
  }

  @ParameterizedTest
  @EnumSource(value = EngineKind.class, mode = EnumSource.Mode.EXCLUDE, names = "GRAPH")
  void comparesLayersWithTheEncoderWhicheverEngineExplains(EngineKind engine) {
    refuses(FaultyBundle.named("layers-disagree"), engine, "layers in model.json and encoder.pt");
  }

  /** Layers over several axes are not compiled, but run one by one. */
  @ParameterizedTest
  @EnumSource(value = EngineKind.class, mode = EnumSource.Mode.EXCLUDE, names = "GRAPH")
  void comparesLayersOverSeveralAxesWithTheEncoder(EngineKind engine) {
    String other =
        """
        class Kernel(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          def forward(self: __torch__.Kernel, x: Tensor) -> Tensor:
            return torch.mul(torch.reshape(x, [-1, 2]), 7.)
        """;
    Path bundle =
        BundleFixture.linear(folder)
            .file("encoder.pt", TorchScriptFile.ofProgram(other))
            .model(m -> m.withObject("/input").withArray("shape").add(1))
            .model(m -> m.withArray("layers").insertObject(0).put("type", "flatten"))
            .model(m -> m.withArray("layers").insertObject(0).put("type", "relu"))
            .write();

    refuses(BundleLoader.load(bundle), engine, "layers in model.json and encoder.pt disagree");
  }

  @Test
  void refusesAnEngineThatTheBundleDoesNotSupport() {
    refuses(
        FaultyBundle.named("biased"),
        EngineKind.LAYERS,
        "engine 'layers' needs layers in model.json");
    refuses(
        BundleLoader.load(BundleFixture.linear(folder).write()),
        EngineKind.AUTOGRAD,
        "engine 'autograd' needs encoder.pt");
  }

  @Test
  void refusesLayersWhoseOutputsOverflow() {
    Path bundle =
        BundleFixture.linear(folder, 1e30f, 0, 0, 1e30f)
            .model(m -> m.withArray("layers").addObject().put("type", "linear").put("weight", "w"))
            .write();

    refuses(
        BundleLoader.load(bundle),
        EngineKind.AUTO,
        "model.json: layers: the encoder they describe gives NaN or infinite outputs");
  }

  @Test
  void admitsABiasedEncoderAsApproximate() {
    try (AdmittedModel model =
        AdmissionCheck.admit(FaultyBundle.named("biased"), EngineKind.AUTO)) {
      assertThat(model.report().label()).isEqualTo("approximate");
      assertThat(model.report().probe().relativeError()).isGreaterThan(1e-2);
      assertThat(model.report().checks()).last().asString().contains("approximate");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"saved-in-training-mode", "refuses-large-values", "changes-its-input"})
  void admitsAnEncoderThatIsExactInEvaluationMode(String name) {
    try (AdmittedModel model = AdmissionCheck.admit(FaultyBundle.named(name), EngineKind.AUTO)) {
      assertThat(model.report().label()).isEqualTo("exact");
      assertThat(model.report().engine()).isEqualTo(EngineKind.AUTOGRAD);
    }
  }

  /** A row's one output can be next to nothing; that is no disagreement. */
  @Test
  void admitsOutputsThatNearlyCancel() {
    Path bundle = BundleFixture.linear(folder, 1e4f, -1e4f, 1e4f, -1e4f).write();

    try (AdmittedModel model = AdmissionCheck.admit(BundleLoader.load(bundle), EngineKind.LAYERS)) {
      assertThat(model.report().exact()).isTrue();
    }
  }

  @Test
  void prefersLayersWhereThereAreSome() {
    Path bundle = BundleFixture.linear(folder).write();

    try (AdmittedModel model = AdmissionCheck.admit(BundleLoader.load(bundle), EngineKind.AUTO)) {
      assertThat(model.report().engine()).isEqualTo(EngineKind.LAYERS);
    }
  }

  private static void refuses(ModelBundle bundle, EngineKind engine, String reason) {
    assertThatExceptionOfType(BundleException.class)
        .isThrownBy(() -> AdmissionCheck.admit(bundle, engine).close())
        .satisfies(
            e -> {
              assertThat(e.getMessage()).startsWith(bundle.directory().toString()).contains(reason);
              assertThat(e.getMessage().lines()).hasSize(1);
            });
  }

  /** What an encoder does, and what the refusal must say: libtorch's own words are kept. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ops.torchvision.nms(x, x, 0.5)           | calls an operator that libtorch 2.7.1 does not have (Unknown builtin op: torchvision::nms.); export the encoder without it
          torch.nosuchthing(x)                     | does not have (Unknown builtin op: aten::nosuchthing.)
          torch.relu(x, 3, 4)                      | cannot load it (
          torch.to(x, 4)                           | gives numbers of type int64; return float32
          torch.to(x, 3)                           | gives numbers of type int32; return float32
          torch.to(x, 7)                           | gives numbers of type float64; return float32
          torch.to(x, 5)                           | gives numbers of type float16; return float32
          torch.gt(x, 0)                           | gives numbers of type boolean; return float32
          {"logits": x, "embedding": torch.relu(x)} | gives a dict of [logits, embedding]; export a module that returns the one to explain
          torch.matmul(x, torch.ones([7, 2]))      | RuntimeError: mat1 and mat2 shapes cannot be multiplied (32x2 and 7x2)
          torch.to_dense(torch.relu(torch.to_mkldnn(torch.to(x, 4)))) | RuntimeError:
          torch.sparse_resize_(torch.neg(x), [3, 3], 1, 1) | Could not run 'aten::sparse_resize_' with arguments from the 'CPU' backend.
          torch.select(x, 1, 9)                    | RuntimeError: select(): index 9 out of range for tensor of size [32, 2]
          """)
  void saysWhatLibtorchSaid(String expression, String words) {
    boolean dict = expression.startsWith("{");
    Path bundle =
        BundleFixture.linear(folder)
            .file("encoder.pt", TorchScriptFile.ofProgram(program(expression, dict)))
            .model(m -> m.remove("layers"))
            .write();

    refuses(BundleLoader.load(bundle), EngineKind.AUTO, words);
  }

  private static String program(String expression, boolean dict) {
    return """
        class Kernel(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          def forward(self: __torch__.Kernel, x: Tensor) -> %s:
            return %s
        """
        .formatted(dict ? "Dict[str, Tensor]" : "Tensor", expression);
  }
}
