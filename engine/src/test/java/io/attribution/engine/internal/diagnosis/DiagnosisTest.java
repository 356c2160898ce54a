package io.attribution.engine.internal.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import io.attribution.engine.admission.AdmissionCheck;
import io.attribution.engine.admission.AdmittedModel;
import io.attribution.engine.bundle.BundleFixture;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.bundle.TestFiles;
import io.attribution.engine.diagnosis.Cause;
import io.attribution.engine.diagnosis.Finding;
import io.attribution.engine.internal.jacobian.Engines;
import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.runtime.EngineKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiagnosisTest {
  private static final FloatMatrix NO_ROWS = FloatMatrix.of();

  @TempDir Path folder;

  static List<InjectedFault> faults() {
    return InjectedFault.all().toList();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void namesTheInjectedFaultAndNoOther(InjectedFault fault) {
    Finding finding = diagnose(fault, fault.rows());

    assertThat(finding.cause()).as(finding.explanation()).isEqualTo(fault.expected());
    assertThat(finding.explanation().lines()).hasSize(1);
    assertThat(finding.explanation().contains("nothing is wrong")).isEqualTo(fault.isHealthy());
  }

  @ParameterizedTest
  @MethodSource("faults")
  void namesNoOtherCauseWithoutRows(InjectedFault fault) {
    Finding finding = diagnose(fault, NO_ROWS);

    assertThat(finding.cause())
        .as(finding.explanation())
        .satisfiesAnyOf(
            cause -> assertThat(cause).isEmpty(),
            cause -> assertThat(cause).isEqualTo(fault.expected()));
  }

  /** One row's mean is far from that of the training: it may cost the name, never give another. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "mean_not_subtracted-inside",
        "mean_not_subtracted-folded",
        "bias_present-narrow",
        "bias_present-uncentred"
      })
  void namesNoOtherCauseWithOneRow(String name) {
    InjectedFault fault = new InjectedFault(name);
    FloatMatrix rows = fault.rows();
    for (int i = 0; i < 8; i++) {
      Finding finding = diagnose(fault, rows.slice(i, i + 1));
      assertThat(finding.cause())
          .as(finding.explanation())
          .isIn(Optional.empty(), fault.expected());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none-plain", "none-normed"})
  void findsAnEngineThatComputesAnotherJacobian(String name) {
    Finding finding = diagnose(new InjectedFault(name), Integer.MAX_VALUE);

    assertThat(finding.cause()).contains(Cause.ENGINES_DISAGREE);
    assertThat(finding.explanation()).contains("'layers'", "'layerwise'", "32 of 32 rows");
  }

  @Test
  void takesAFewDifferentRowsForKinks() {
    assertThat(diagnose(new InjectedFault("none-plain"), 4).cause()).isEmpty();
  }

  @Test
  void comparesAutogradWithTheLayersOfTheBundle() throws Exception {
    Path golden = TestFiles.folder("golden").resolve("prelu-deep-shared");
    ModelBundle bundle = BundleLoader.load(golden);
    try (JacobianEngine right = Engines.open(bundle, EngineKind.AUTOGRAD, Device.cpu())) {
      Finding finding = Diagnosis.of(bundle, distorted(right, Integer.MAX_VALUE), NO_ROWS);

      assertThat(finding.cause()).contains(Cause.ENGINES_DISAGREE);
      assertThat(finding.explanation()).contains("'autograd'");
    }
  }

  @Test
  void comparesFasterOperatorsWithTheEncodersOwn() {
    InjectedFault healthy = new InjectedFault("none-torchscript");
    ModelBundle bundle = healthy.bundle();
    try (JacobianEngine own = Engines.open(bundle, EngineKind.AUTOGRAD, Device.cpu());
        JacobianEngine faster = own.faster().orElseThrow()) {
      Finding finding = Diagnosis.of(bundle, distorted(faster, Integer.MAX_VALUE), healthy.rows());

      assertThat(finding.cause()).contains(Cause.ENGINES_DISAGREE);
      assertThat(finding.explanation()).contains("'autograd' with faster operators and 'autograd'");
    }
  }

  @Test
  void blamesTheEnginesWhenTheCompiledEncoderWasReplaced() {
    assertThat(Finding.FALLBACK.cause()).contains(Cause.ENGINES_DISAGREE);
  }

  /** The file on disk is another one now: what it says is not what runs. */
  @Test
  void doesNotReadCodeThatChangedSinceItWasLoaded() throws IOException {
    for (String file : List.of("model.json", "tensors.safetensors", "encoder.pt")) {
      Files.copy(fault("variance_not_detached-first").resolve(file), folder.resolve(file));
    }
    try (AdmittedModel model =
        AdmissionCheck.admit(BundleLoader.load(folder), EngineKind.AUTOGRAD)) {
      assertThat(model.diagnose(NO_ROWS).cause()).contains(Cause.VARIANCE_NOT_DETACHED);

      Files.copy(
          fault("none-torchscript").resolve("encoder.pt"),
          folder.resolve("encoder.pt"),
          StandardCopyOption.REPLACE_EXISTING);

      assertThat(model.diagnose(NO_ROWS).cause()).isEmpty();
    }
  }

  /** It runs on a stream's thread: rows and native memory are bounded for any width. */
  @Test
  void asksForFewRowsOfWideEncoders() {
    int width = 20_000;
    float[] weights = new float[2 * width];
    for (int k = 0; k < weights.length; k++) {
      weights[k] = (float) Math.sin(k);
    }
    Path wide =
        BundleFixture.linear(folder)
            .tensor("wide", List.of(2, width), weights)
            .tensor("bias", List.of(2), 1, -2)
            .layer(layer -> layer.put("weight", "wide").put("bias", "bias"))
            .model(
                model -> {
                  model.withObject("/input").putArray("shape").add(width);
                  var features = model.withObject("/input").putArray("features");
                  IntStream.range(0, width).forEach(k -> features.add("f" + k));
                })
            .write();
    ModelBundle bundle = BundleLoader.load(wide);
    try (JacobianEngine right = Engines.open(bundle, EngineKind.LAYERS, Device.cpu())) {
      DistortedEngine counted = distorted(right, 0);

      Finding finding = Diagnosis.of(bundle, counted, manyRows(width));

      List<Long> batches = counted.batches();
      assertThat(finding.cause()).as(finding.explanation()).contains(Cause.BIAS_PRESENT);
      assertThat(batches).allMatch(rows -> rows * 2 * width * Float.BYTES <= 16 << 20);
      assertThat(batches.stream().mapToLong(rows -> rows).sum()).isLessThanOrEqualTo(512);
    }
  }

  private static FloatMatrix manyRows(int width) {
    float[][] rows = new float[16][width];
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < width; k++) {
        rows[i][k] = (float) (1 + Math.cos(i * width + k));
      }
    }
    return FloatMatrix.of(rows);
  }

  private static Finding diagnose(InjectedFault fault, FloatMatrix rows) {
    try (AdmittedModel model = AdmissionCheck.admit(fault.bundle(), EngineKind.AUTO)) {
      return model.diagnose(rows);
    }
  }

  private static Finding diagnose(InjectedFault fault, int wrongRows) {
    ModelBundle bundle = fault.bundle();
    try (JacobianEngine right = Engines.open(bundle, EngineKind.AUTO, Device.cpu())) {
      return Diagnosis.of(bundle, distorted(right, wrongRows), fault.rows());
    }
  }

  private static DistortedEngine distorted(JacobianEngine right, int wrongRows) {
    return new DistortedEngine(right, wrongRows);
  }

  private static Path fault(String name) {
    return new InjectedFault(name).directory();
  }
}
