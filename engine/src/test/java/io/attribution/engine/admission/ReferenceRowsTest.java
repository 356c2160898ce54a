package io.attribution.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.attribution.engine.attribution.Attributions;
import io.attribution.engine.attribution.Attributor;
import io.attribution.engine.attribution.ExplainedRow;
import io.attribution.engine.attribution.ResultSelection;
import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.bundle.BundleFixture;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.Tensor;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.EngineKind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceRowsTest {
  private static final Path DIGITS = Path.of("..", "examples", "digits", "bundle");
  private static final Reduction SIGNED = new Reduction.Signed(1);

  @TempDir Path folder;

  @Test
  void areExplainedAsTheStreamExplainsThem() {
    try (AdmittedModel model = AdmissionCheck.admit(BundleLoader.load(DIGITS), EngineKind.AUTO);
        Attributor attributor = model.attributor(ResultSelection.all(SIGNED))) {
      Tensor reference = model.bundle().reference().orElseThrow();
      float[] last = reference.row(reference.size(0) - 1);
      Attributions expected = attributor.attribute(FloatMatrix.of(last));

      List<ExplainedRow> rows = model.explainReference(SIGNED);

      assertThat(rows).hasSize(reference.size(0));
      ExplainedRow explained = rows.get(rows.size() - 1);
      assertThat(explained.features()).isEqualTo(last);
      assertThat(explained.reduced())
          .usingComparatorWithPrecision(1e-4f)
          .containsExactly(expected.reduced().orElseThrow().row(0));
    }
  }

  @Test
  void areNoneWhereTheBundleHasNone() {
    Path bundle = BundleFixture.linear(folder).write();
    try (AdmittedModel model = AdmissionCheck.admit(BundleLoader.load(bundle), EngineKind.AUTO)) {
      assertThat(model.explainReference(SIGNED)).isEmpty();
    }
  }

  /** Its features are finite, what they contribute is not. */
  @Test
  void refuseTheBundleWhereARowCannotBeExplained() {
    float[] rows = new float[2 * 300];
    rows[2 * 270] = 3e38f;
    Path bundle =
        BundleFixture.linear(folder)
            .model(model -> model.put("reference", "r"))
            .tensor("r", List.of(300, 2), rows)
            .write();
    try (AdmittedModel model = AdmissionCheck.admit(BundleLoader.load(bundle), EngineKind.AUTO)) {
      assertThatExceptionOfType(BundleException.class)
          .isThrownBy(() -> model.explainReference(SIGNED))
          .withMessageStartingWith(
              bundle + ": model.json: reference: row 270 cannot be explained (")
          .withMessageContaining("Infinity");
    }
  }
}
