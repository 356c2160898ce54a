package io.attribution.engine.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.attribution.engine.admission.AdmissionCheck;
import io.attribution.engine.admission.AdmittedModel;
import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.DeviceChoice;
import io.attribution.engine.runtime.EngineChoice;
import io.attribution.engine.runtime.EngineKind;
import io.attribution.engine.runtime.Precision;
import io.attribution.engine.verification.VerificationSummary;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrecisionTest {

  @ParameterizedTest
  @ValueSource(strings = {"layernorm-detached", "pca-mean-scale", "residual", "outputs-96"})
  void float64VerifiesToItsOwnRounding(String name) {
    GoldenCase golden = GoldenCase.named(name);
    ModelBundle bundle = BundleLoader.load(golden.directory());
    FloatMatrix rows = FloatMatrix.of(golden.features());
    try (AdmittedModel model = AdmissionCheck.admit(bundle, audited(EngineKind.LAYERS));
        Attributor attributor = model.attributor(ResultSelection.all(new Reduction.L2()))) {
      List<Attributed> explained =
          attributor.explain(rows).stream().map(Attributed.class::cast).toList();

      VerificationSummary summary =
          explained.stream()
              .map(Attributed::verification)
              .reduce(VerificationSummary.EMPTY, VerificationSummary::merge);
      assertThat(summary.relativeError()).isLessThan(1e-13);
      RowAgreement.assertRows(
          golden.rows("contributions"), explained.stream().map(Attributed::contributions).toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pca-mean"})
  void autogradRefusesFloat64(String name) {
    ModelBundle bundle = BundleLoader.load(GoldenCase.named(name).directory());

    assertThatThrownBy(() -> AdmissionCheck.admit(bundle, audited(EngineKind.AUTOGRAD)))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("float64 needs layers in model.json");
  }

  private static EngineChoice audited(EngineKind kind) {
    return new EngineChoice(kind, Precision.FLOAT64, DeviceChoice.CPU);
  }
}
