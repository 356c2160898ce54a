package io.attribution.engine.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.attribution.engine.admission.AdmissionCheck;
import io.attribution.engine.admission.AdmittedModel;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.EngineKind;
import io.attribution.engine.verification.VerificationSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every engine against {@code torch.func.vmap(jacrev)} in float64, case by case. */
class GoldenTest {
  static Stream<Arguments> casesAndEngines() {
    return GoldenCase.names().stream()
        .flatMap(
            name -> {
              ModelBundle bundle = BundleLoader.load(GoldenCase.named(name).directory());
              List<Arguments> runs = new ArrayList<>();
              bundle.encoder().ifPresent(e -> runs.add(Arguments.of(name, EngineKind.AUTOGRAD)));
              bundle.layers().ifPresent(l -> runs.add(Arguments.of(name, EngineKind.LAYERS)));
              return runs.stream();
            });
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("casesAndEngines")
  void givesTheReferencesNumbers(String name, EngineKind kind) {
    GoldenCase golden = GoldenCase.named(name);
    for (Reduction reduction :
        List.of(new Reduction.L2(), new Reduction.Normalized(), new Reduction.Signed(0))) {
      List<Attributed> rows = attribute(golden, kind, reduction);

      assertRows(golden.rows("z"), rows, Attributed::embedding);
      assertRows(golden.rows("contributions"), rows, Attributed::contributions);
      String key = "reduced_" + reduction.label() + (reduction.target().isPresent() ? "_0" : "");
      assertRows(golden.rows(key), rows, Attributed::reduced);
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("casesAndEngines")
  void verifiesAsTheReferenceDoes(String name, EngineKind kind) {
    GoldenCase golden = GoldenCase.named(name);
    JsonNode expected = golden.verification();

    VerificationSummary summary =
        attribute(golden, kind, new Reduction.L2()).stream()
            .map(Attributed::verification)
            .reduce(VerificationSummary.EMPTY, VerificationSummary::merge);

    assertThat(summary.count()).isEqualTo(expected.path("count").asLong());
    if (expected.path("exact").asBoolean()) {
      assertThat(summary.relativeError()).isLessThan(1e-5);
    } else {
      assertThat(summary.maxError())
          .isCloseTo(expected.path("maxError").asDouble(), relative(expected, "maxError"));
      assertThat(summary.meanError())
          .isCloseTo(expected.path("meanError").asDouble(), relative(expected, "meanError"));
      assertThat(summary.relativeError())
          .isCloseTo(
              expected.path("relativeError").asDouble(), relative(expected, "relativeError"));
    }
    double magnitude = Math.max(Math.abs(summary.zMin()), Math.abs(summary.zMax()));
    assertThat(
            List.of(
                summary.zMin(),
                summary.zMax(),
                summary.reconstructionMin(),
                summary.reconstructionMax()))
        .usingElementComparator((a, b) -> Math.abs(a - b) <= 1e-4 * magnitude ? 0 : 1)
        .containsExactly(
            expected.path("zRange").path(0).asDouble(),
            expected.path("zRange").path(1).asDouble(),
            expected.path("reconstructionRange").path(0).asDouble(),
            expected.path("reconstructionRange").path(1).asDouble());
  }

  private static org.assertj.core.data.Offset<Double> relative(JsonNode expected, String key) {
    return within(1e-3 * expected.path(key).asDouble());
  }

  private static List<Attributed> attribute(
      GoldenCase golden, EngineKind kind, Reduction reduction) {
    try (AdmittedModel model = AdmissionCheck.admit(BundleLoader.load(golden.directory()), kind);
        Attributor attributor = model.attributor(ResultSelection.all(reduction))) {
      assertThat(model.report().engine()).isEqualTo(kind);
      FloatMatrix rows = FloatMatrix.of(golden.features());
      return attributor.explain(rows).stream().map(Attributed.class::cast).toList();
    }
  }

  private static void assertRows(
      double[][] expected, List<Attributed> rows, Function<Attributed, float[]> actual) {
    RowAgreement.assertRows(expected, rows.stream().map(actual).toList());
  }
}
