package io.attribution.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.bundle.BundleFixture;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.TestFiles;
import io.attribution.engine.runtime.EngineKind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GraphAdmissionTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"attention", "bias-mlp", "categorical", "conv", "lstm", "smooth", "transformer"})
  void comparesWithWhatTheExporterComputed(String name) {
    Path bundle = TestFiles.folder("golden-graph").resolve(name);
    try (AdmittedModel model = AdmissionCheck.admit(BundleLoader.load(bundle), EngineKind.AUTO)) {
      assertThat(model.report().checks())
          .anySatisfy(
              check ->
                  assertThat(check)
                      .contains("of the exporter's in float64, Jacobians the same on 16 of 16"));
    }
  }

  /** Compared with libtorch's own derivative, and used by whatever explains. */
  @ParameterizedTest
  @ValueSource(strings = {"attention", "conv", "smooth", "transformer"})
  void takesTheDerivativeOfAGraph(String name) {
    Path bundle = TestFiles.folder("golden-graph").resolve(name);
    try (AdmittedModel model = AdmissionCheck.admit(BundleLoader.load(bundle), EngineKind.GRAPH)) {
      assertThat(model.report().engine()).isEqualTo(EngineKind.GRAPH);
      assertThat(model.report().checks())
          .contains("the compiled derivative and the graph's operators agree");
    }
  }

  @Test
  void namesWhatHasNoDerivative() {
    Path bundle = TestFiles.folder("golden-graph").resolve("lstm");
    try (AdmittedModel model = AdmissionCheck.admit(BundleLoader.load(bundle), EngineKind.AUTO)) {
      assertThat(model.report().checks())
          .anySatisfy(
              check ->
                  assertThat(check)
                      .startsWith("engine autograd runs: engine layers does not know ")
                      .contains(", engine graph has no derivative of aten.lstm.input ("));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "z, 'outputs by 5.0e-01 relative, Jacobians on 0 of 2 probe rows'",
    "j, 'outputs by 0.0e+00 relative, Jacobians on 1 of 2 probe rows'"
  })
  void refusesOtherResultsThanTheExporters(String tensor, String figures) {
    BundleFixture bundle = BundleFixture.graph(folder);
    if (tensor.equals("z")) {
      bundle
          .tensor("z2", List.of(2, 2), 2.5f, 3, 2, -1)
          .model(m -> m.withObject("/probe").put("outputs", "z2"));
    } else {
      bundle
          .tensor("j2", List.of(2, 2, 2), 1, 2, 3, -1, 1, 2, 3, -1.5f)
          .model(m -> m.withObject("/probe").put("jacobian", "j2"));
    }
    refuses(
        bundle, "model.json: graph: the encoder gives other results than the exporter", figures);
  }

  @Test
  void refusesWhatLibtorchRefuses() {
    refuses(
        BundleFixture.graph(folder)
            .tensor("w2", List.of(2, 1), 1, 2)
            .model(m -> ((ObjectNode) m.at("/graph/nodes/0/args/1")).put("tensor", "w2")),
        "model.json: graph: the encoder fails on a batch of 2 with rows of shape [2]: RuntimeError: mat1");
  }

  private static void refuses(BundleFixture bundle, String... words) {
    assertThatExceptionOfType(BundleException.class)
        .isThrownBy(() -> AdmissionCheck.admit(BundleLoader.load(bundle.write()), EngineKind.AUTO))
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }
}
