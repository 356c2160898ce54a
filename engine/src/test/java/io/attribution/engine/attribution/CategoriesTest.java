package io.attribution.engine.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.attribution.engine.admission.AdmissionCheck;
import io.attribution.engine.admission.AdmittedModel;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.EncoderGraph;
import io.attribution.engine.bundle.EncoderGraph.Argument;
import io.attribution.engine.bundle.EncoderGraph.Argument.Result;
import io.attribution.engine.bundle.EncoderGraph.Argument.Whole;
import io.attribution.engine.bundle.EncoderGraph.Node;
import io.attribution.engine.bundle.EncoderProbe;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.bundle.Preprocessing;
import io.attribution.engine.bundle.Tensor;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.method.Baseline;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.method.MethodChoice;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.EngineChoice;
import io.attribution.engine.runtime.EngineKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Columns of indices contribute what their embeddings do. The encoders have a column with a table
 * of its own (0), two that share one (1, 2), one that becomes ones and zeros (5), and numbers.
 */
class CategoriesTest {
  private static final ResultSelection ALL = ResultSelection.all(new Reduction.L2());

  /** Nobody who wrote the reference knew of a cut. */
  @ParameterizedTest
  @CsvSource({
    "categories-smooth, AUTOGRAD, INTEGRATED_GRADIENTS",
    "categories-smooth, GRAPH, INTEGRATED_GRADIENTS",
    "categories-linear, AUTOGRAD, AFFINE",
    "categories-linear, GRAPH, AFFINE",
  })
  void contributeWhatTheirEmbeddingsDo(
      String name, EngineKind engine, ContributionMethod expected) {
    GoldenCase golden = GoldenCase.ofGraph(name);
    try (AdmittedModel model = admit(bundle(name), engine, auto())) {
      assertThat(model.report().method()).isEqualTo(expected);
      assertThat(model.report().engine()).isEqualTo(engine);
      List<Attributed> rows = explain(model, golden.features());
      RowAgreement.assertRows(
          golden.rows("contributions"), rows.stream().map(Attributed::contributions).toList());
      RowAgreement.assertRows(golden.rows("z"), rows.stream().map(Attributed::embedding).toList());
      assertThat(rows).allSatisfy(CategoriesTest::assertAddsUp);
    }
  }

  @Test
  void theCheckNamesThem() {
    try (AdmittedModel model = admit(bundle("categories-smooth"), EngineKind.AUTO, auto())) {
      assertThat(model.report().checks())
          .contains("categories are compared with f0 = 2, f1 = 4, f2 = 1, f5 = 1");
    }
  }

  /** A row that is its baseline has no contributions, of a category neither. */
  @ParameterizedTest
  @EnumSource(
      value = ContributionMethod.class,
      names = {"INTEGRATED_GRADIENTS", "AFFINE"})
  void aCategoryThatIsTheBaselinesContributesNothing(ContributionMethod method) {
    String name = method == ContributionMethod.AFFINE ? "categories-linear" : "categories-smooth";
    float[] row = bundle(name).baseline().orElseThrow().values().clone();
    row[3] += 1;
    row[5] = 0;
    try (AdmittedModel model = admit(bundle(name), EngineKind.AUTO, MethodChoice.of(method))) {
      float[] contributions = explain(model, row).get(0).contributions();
      for (int k : List.of(0, 1, 2)) {
        assertThat(contributions[k]).isZero();
        assertThat(contributions[row.length + k]).isZero();
      }
      assertThat(contributions[3]).isNotZero();
      assertThat(contributions[5]).isNotZero();
    }
  }

  /** Without a baseline of its own: what most rows of the reference have. */
  @Test
  void theMeanOfAnIndexIsTheMostFrequentOne() {
    float[] rows = {
      3, 4, 0, 1, 1, 2, 1, //
      3, 2, 5, 1, 1, 0, 1, //
      1, 2, 5, 1, 1, 2, 1,
    };
    ModelBundle bundle = withReference(new Tensor(List.of(3, 7), rows));
    try (AdmittedModel model =
        admit(
            bundle,
            EngineKind.AUTO,
            new MethodChoice(
                Optional.of(ContributionMethod.INTEGRATED_GRADIENTS),
                Optional.of(Baseline.MEAN),
                256))) {
      Attributed row = explain(model, new float[] {3, 2, 5, 1, 0, 2, 0}).get(0);
      float[] atBase = explain(model, new float[] {3, 2, 5, 0, 0, 2, 0}).get(0).embedding();
      assertThat(row.base()).usingComparatorWithPrecision(1e-5f).containsExactly(atBase);
      assertThat(row.contributions()[0]).isZero();
      assertAddsUp(row);
    }
  }

  /** Every baseline has categories of its own. */
  @Test
  void expectedGradientsAddUp() {
    float[] rows = new float[40 * 7];
    for (int i = 0; i < 40; i++) {
      float[] row = {i % 4, i % 5, i % 6, i / 40f, 1 - i / 20f, i % 3, (i % 7) / 7f};
      System.arraycopy(row, 0, rows, 7 * i, 7);
    }
    ModelBundle bundle = withReference(new Tensor(List.of(40, 7), rows));
    try (AdmittedModel model =
        admit(bundle, EngineKind.AUTO, MethodChoice.of(ContributionMethod.EXPECTED_GRADIENTS))) {
      List<Attributed> explained =
          explain(model, GoldenCase.ofGraph("categories-smooth").features());
      assertThat(explained).allSatisfy(CategoriesTest::assertAddsUp);
      assertThat(explained.get(0).contributions()[1]).isNotZero();
    }
  }

  /** Raw features in another order than the encoder's columns. */
  @Test
  void theirFeaturesAreFoundBehindComponents() {
    int[] order = {6, 5, 4, 3, 2, 1, 0};
    float[] components = new float[49];
    IntStream.range(0, 7).forEach(k -> components[7 * k + order[k]] = 1);
    Preprocessing turned =
        new Preprocessing(
            Optional.empty(), Optional.empty(), Optional.of(new Tensor(List.of(7, 7), components)));
    GoldenCase golden = GoldenCase.ofGraph("categories-linear");
    float[] row = golden.features()[1];
    float[] given = new float[7];
    IntStream.range(0, 7).forEach(k -> given[order[k]] = row[k]);
    float[] base = new float[7];
    float[] baseline = bundle("categories-linear").baseline().orElseThrow().values();
    IntStream.range(0, 7).forEach(k -> base[order[k]] = baseline[k]);
    ModelBundle bundle =
        changed(
            bundle("categories-linear"),
            turned,
            Optional.empty(),
            Optional.of(Tensor.vector(base)));

    try (AdmittedModel model = admit(bundle, EngineKind.AUTO, auto())) {
      float[] contributions = explain(model, given).get(0).contributions();
      double[] expected = golden.rows("contributions")[1];
      for (int k = 0; k < 7; k++) {
        assertThat((double) contributions[order[k]]).isCloseTo(expected[k], within(1e-5));
      }
    }
  }

  /** As a number the column has a derivative: to give it a t would change that. */
  @Test
  void aColumnThatIsANumberTooStaysAsItIs() {
    ModelBundle given = bundle("categories-linear");
    EncoderGraph graph = given.graph().orElseThrow();
    List<Node> nodes = new ArrayList<>(graph.nodes());
    nodes.add(
        node(
            "first",
            "aten.slice.Tensor",
            new Result(graph.input()),
            new Whole(1),
            new Whole(0),
            new Whole(1)));
    nodes.add(node("sum", "aten.add.Tensor", new Result(graph.output()), new Result("first")));
    EncoderProbe probe = given.probe().orElseThrow();
    float[] z = probe.outputs().values().clone();
    float[] j = probe.jacobian().values().clone();
    for (int i = 0; i < z.length; i++) {
      z[i] += probe.inputs().values()[i / 2 * 7];
      j[7 * i] += 1;
    }
    ModelBundle both =
        changed(
            given,
            Optional.of(new EncoderGraph(graph.input(), nodes, "sum", graph.tensors())),
            Optional.of(
                new EncoderProbe(
                    probe.inputs(),
                    new Tensor(probe.outputs().shape(), z),
                    new Tensor(probe.jacobian().shape(), j))));

    try (AdmittedModel model = admit(both, EngineKind.AUTO, auto())) {
      assertThat(model.report().method()).isEqualTo(ContributionMethod.AFFINE);
      assertThat(model.report().checks()).noneMatch(check -> check.contains("categories"));
      Attributed row = explain(model, GoldenCase.ofGraph("categories-linear").features()).get(0);
      assertThat(row.contributions()[1]).isZero();
      assertAddsUp(row);
    }
  }

  private static Node node(String name, String operator, Argument... arguments) {
    return new Node(name, operator, List.of(arguments), Map.of());
  }

  @Test
  void anIndexOutOfRangeIsRejectedWithItsColumns() {
    float[][] rows = GoldenCase.ofGraph("categories-smooth").features();
    rows[3][1] = 40;
    try (AdmittedModel model = admit(bundle("categories-smooth"), EngineKind.AUTO, auto());
        Attributor attributor = model.attributor(ALL)) {
      List<Outcome> outcomes = attributor.explain(FloatMatrix.of(rows));
      for (int row = 0; row < rows.length; row++) {
        if (row == 3) {
          assertThat(outcomes.get(row))
              .isInstanceOfSatisfying(
                  Rejected.class,
                  rejected ->
                      assertThat(rejected.detail())
                          .contains("index out of range")
                          .contains("feature 1 is 40"));
        } else {
          assertThat(outcomes.get(row)).isInstanceOf(Attributed.class);
        }
      }
    }
  }

  private static ModelBundle bundle(String name) {
    return BundleLoader.load(GoldenCase.ofGraph(name).directory());
  }

  /** Without a baseline. */
  private static ModelBundle withReference(Tensor reference) {
    return changed(
        bundle("categories-smooth"), Preprocessing.NONE, Optional.of(reference), Optional.empty());
  }

  private static ModelBundle changed(
      ModelBundle bundle, Optional<EncoderGraph> graph, Optional<EncoderProbe> probe) {
    return changed(bundle, Preprocessing.NONE, Optional.empty(), bundle.baseline(), graph, probe);
  }

  private static ModelBundle changed(
      ModelBundle bundle,
      Preprocessing preprocessing,
      Optional<Tensor> reference,
      Optional<Tensor> baseline) {
    return changed(bundle, preprocessing, reference, baseline, bundle.graph(), bundle.probe());
  }

  private static ModelBundle changed(
      ModelBundle bundle,
      Preprocessing preprocessing,
      Optional<Tensor> reference,
      Optional<Tensor> baseline,
      Optional<EncoderGraph> graph,
      Optional<EncoderProbe> probe) {
    return new ModelBundle(
        bundle.directory(),
        bundle.name(),
        bundle.version(),
        bundle.fingerprint(),
        bundle.tolerance(),
        bundle.inputShape(),
        bundle.features(),
        bundle.outputs(),
        preprocessing,
        bundle.encoder(),
        bundle.layers(),
        reference,
        graph,
        probe,
        baseline,
        bundle.method());
  }

  private static MethodChoice auto() {
    return MethodChoice.of(ContributionMethod.AUTO);
  }

  private static AdmittedModel admit(ModelBundle bundle, EngineKind engine, MethodChoice method) {
    return AdmissionCheck.admit(bundle, EngineChoice.of(engine).with(method));
  }

  private static List<Attributed> explain(AdmittedModel model, float[]... rows) {
    try (Attributor attributor = model.attributor(ALL)) {
      return attributor.explain(FloatMatrix.of(rows)).stream().map(Attributed.class::cast).toList();
    }
  }

  private static void assertAddsUp(Attributed row) {
    float[] z = row.embedding();
    float[] contributions = row.contributions();
    int features = contributions.length / z.length;
    for (int o = 0; o < z.length; o++) {
      double sum = row.base()[o];
      for (int k = 0; k < features; k++) {
        sum += contributions[o * features + k];
      }
      assertThat(sum).isCloseTo(z[o], within(1e-4));
    }
  }
}
