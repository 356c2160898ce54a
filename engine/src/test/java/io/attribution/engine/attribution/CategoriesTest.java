package io.attribution.engine.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import io.attribution.engine.admission.AdmissionCheck;
import io.attribution.engine.admission.AdmittedModel;
import io.attribution.engine.attribution.Rejected.Reason;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.EncoderGraph;
import io.attribution.engine.bundle.EncoderGraph.Argument;
import io.attribution.engine.bundle.EncoderGraph.Argument.Constant;
import io.attribution.engine.bundle.EncoderGraph.Argument.Items;
import io.attribution.engine.bundle.EncoderGraph.Argument.Nothing;
import io.attribution.engine.bundle.EncoderGraph.Argument.NumberType;
import io.attribution.engine.bundle.EncoderGraph.Argument.Result;
import io.attribution.engine.bundle.EncoderGraph.Argument.Whole;
import io.attribution.engine.bundle.EncoderGraph.Node;
import io.attribution.engine.bundle.EncoderProbe;
import io.attribution.engine.bundle.GraphTensor;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.bundle.Preprocessing;
import io.attribution.engine.bundle.Tensor;
import io.attribution.engine.internal.jacobian.Engines;
import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.internal.jacobian.Probe;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.method.Baseline;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.method.MethodChoice;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.EngineChoice;
import io.attribution.engine.runtime.EngineKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /**
   * As a number a column has a derivative: to give it a t would change that. The others are cut.
   * Column 0 is added to both outputs.
   */
  @Test
  void aColumnThatIsANumberTooStaysAsItIs() {
    ModelBundle given = bundle("categories-linear");
    List<Node> nodes =
        List.of(
            node("own", "aten.slice.Tensor", X, new Whole(1), new Whole(0), new Whole(1)),
            node("sum", "aten.add.Tensor", new Result(output(given)), new Result("own")));

    try (AdmittedModel model =
        admit(with(given, nodes, row -> row[0], 0), EngineKind.AUTO, auto())) {
      assertThat(model.report().checks())
          .contains("categories are compared with f1 = 4, f2 = 1, f5 = 1");
      Attributed row = explain(model, GoldenCase.ofGraph("categories-linear").features()).get(0);
      assertAddsUp(row);
    }
  }

  /** What else is made of an index gets the row's own, which no probe row has here. */
  @Test
  void aMaskSeesTheRowsIndex() {
    ModelBundle given = bundle("categories-linear");
    List<Node> nodes =
        List.of(
            node("chosen", "aten.select.int", X, new Whole(1), new Whole(0)),
            node("index", "aten.to.dtype", new Result("chosen"), new NumberType("int64")),
            node("mask", "aten.eq.Scalar", new Result("index"), new Whole(3)),
            node("seen", "aten.to.dtype", new Result("mask"), new NumberType("float32")),
            node("column", "aten.unsqueeze.default", new Result("seen"), new Whole(1)),
            node("sum", "aten.add.Tensor", new Result(output(given)), new Result("column")));
    float[] row = GoldenCase.ofGraph("categories-linear").features()[0];
    row[0] = 3;
    float[] without;
    try (AdmittedModel model = admit(given, EngineKind.AUTO, auto())) {
      without = explain(model, row).get(0).embedding();
    }

    try (AdmittedModel model = admit(with(given, nodes, r -> 0, -1), EngineKind.AUTO, auto())) {
      assertThat(model.report().checks()).anyMatch(check -> check.startsWith("categories are"));
      float[] z = explain(model, row).get(0).embedding();
      assertThat((double) z[0]).isCloseTo(without[0] + 1, within(1e-5));
    }
  }

  /** A function of an index times a number has no t in pieces: affine leaves it a constant. */
  @Test
  void affineStaysExactWhereACategoryScalesANumber() {
    ModelBundle given = bundle("categories-linear");
    List<Node> nodes =
        List.of(
            node("own", "aten.slice.Tensor", X, new Whole(1), new Whole(3), new Whole(4)),
            node("scaled", "aten.mul.Tensor", new Result("own"), new Result("embedding")),
            node(
                "part",
                "aten.slice.Tensor",
                new Result("scaled"),
                new Whole(1),
                new Whole(0),
                new Whole(2)),
            node("sum", "aten.add.Tensor", new Result(output(given)), new Result("part")));
    ModelBundle scaled = changed(given, Optional.of(graph(given, nodes)), given.probe());

    try (AdmittedModel model =
        admit(withoutProbe(scaled), EngineKind.AUTO, MethodChoice.of(ContributionMethod.AFFINE))) {
      assertThat(model.report().label()).isEqualTo("exact");
      assertThat(explain(model, GoldenCase.ofGraph("categories-linear").features()))
          .allSatisfy(CategoriesTest::assertAddsUp);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "turned",
        "flattened",
        "offset in front",
        "chosen by a list",
        "table of indices",
      })
  void indicesAreFollowedWhateverTheirPlace(String how) {
    ModelBundle given = bundle("categories-linear");
    Map<String, List<Node>> ways =
        Map.of(
            "turned",
            List.of(
                node("rest", "aten.slice.Tensor", X, new Whole(1), new Whole(1), new Whole(3)),
                node("ids", "aten.to.dtype", new Result("rest"), new NumberType("int64")),
                node("way", "aten.t.default", new Result("ids")),
                node("looked", "aten.embedding.default", new Constant("p1"), new Result("way")),
                node(
                    "back",
                    "aten.transpose.int",
                    new Result("looked"),
                    new Whole(0),
                    new Whole(1))),
            "flattened",
            List.of(
                node("rest", "aten.slice.Tensor", X, new Whole(1), new Whole(1), new Whole(3)),
                node("ids", "aten.to.dtype", new Result("rest"), new NumberType("int64")),
                node("way", "aten.reshape.default", new Result("ids"), list(-1)),
                node("looked", "aten.embedding.default", new Constant("p1"), new Result("way")),
                node("back", "aten.reshape.default", new Result("looked"), list(-1, 2, 4))),
            "offset in front",
            List.of(
                node("rest", "aten.slice.Tensor", X, new Whole(1), new Whole(1), new Whole(3)),
                node("ids", "aten.to.dtype", new Result("rest"), new NumberType("int64")),
                node("way", "aten.add.Tensor", new Constant("p8"), new Result("ids")),
                node("back", "aten.embedding.default", new Constant("p1"), new Result("way"))),
            "chosen by a list",
            List.of(
                node(
                    "rest",
                    "aten.index.Tensor",
                    X,
                    new Items(List.of(new Nothing(), new Constant("columns")))),
                node("ids", "aten.to.dtype", new Result("rest"), new NumberType("int64")),
                node("back", "aten.embedding.default", new Constant("p1"), new Result("ids"))),
            "table of indices",
            List.of(
                node("rest", "aten.slice.Tensor", X, new Whole(1), new Whole(1), new Whole(3)),
                node("ids", "aten.to.dtype", new Result("rest"), new NumberType("int64")),
                node(
                    "way",
                    "aten.index.Tensor",
                    new Constant("table"),
                    new Items(List.of(new Result("ids")))),
                node("back", "aten.embedding.default", new Constant("p1"), new Result("way"))));
    List<Node> nodes = new ArrayList<>(ways.get(how));
    nodes.addAll(meanAndNumbers());
    EncoderGraph graph =
        new EncoderGraph(
            "x",
            nodes,
            "out",
            Map.of(
                "p1", Objects.requireNonNull(given.graph().orElseThrow().tensors().get("p1")),
                "p8", GraphTensor.indices(0, 5),
                "columns", GraphTensor.indices(1, 2),
                "table", GraphTensor.indices(4, 3, 2, 1, 0, 7, 9)));
    ModelBundle looksUp = withoutProbe(changed(given, Optional.of(graph), given.probe()));

    try (AdmittedModel model = admit(looksUp, EngineKind.AUTOGRAD, auto())) {
      assertThat(model.report().checks()).contains("categories are compared with f1 = 4, f2 = 1");
      Attributed row = explain(model, new float[] {0, 2, 3, 0, 0, 0, 0}).get(0);
      assertAddsUp(row);
      assertThat(row.contributions()[1]).isNotZero();
      assertThat(row.contributions()[2]).isNotZero();
      assertThat(row.contributions()[0]).isZero();
    }
  }

  /** No column is an index: a bin of a number, and a constant beside columns. */
  @ParameterizedTest
  @ValueSource(strings = {"bin", "constant"})
  void whatIsNoIndexOfAColumnStaysAsItIs(String how) {
    ModelBundle given = bundle("categories-linear");
    List<Node> looksUp =
        how.equals("bin")
            ? List.of(
                node("own", "aten.slice.Tensor", X, new Whole(1), new Whole(3), new Whole(5)),
                node("scaled", "aten.mul.Tensor", new Result("own"), new Whole(3)),
                node("cast", "aten.to.dtype", new Result("scaled"), new NumberType("int64")),
                node("way", "aten.clamp.default", new Result("cast"), new Whole(0), new Whole(10)),
                node("back", "aten.embedding.default", new Constant("p1"), new Result("way")))
            : List.of(
                node("rows", "aten.sym_size.int", X, new Whole(0)),
                node(
                    "front",
                    "aten.expand.default",
                    new Constant("first"),
                    new Items(List.of(new Result("rows"), new Whole(1)))),
                node("own", "aten.slice.Tensor", X, new Whole(1), new Whole(1), new Whole(2)),
                node("cast", "aten.to.dtype", new Result("own"), new NumberType("int64")),
                node(
                    "way",
                    "aten.cat.default",
                    new Items(List.of(new Result("front"), new Result("cast"))),
                    new Whole(1)),
                node("back", "aten.embedding.default", new Constant("p1"), new Result("way")));
    List<Node> nodes = new ArrayList<>(looksUp);
    nodes.addAll(meanAndNumbers());
    EncoderGraph graph =
        new EncoderGraph(
            "x",
            nodes,
            "out",
            Map.of(
                "p1", Objects.requireNonNull(given.graph().orElseThrow().tensors().get("p1")),
                "first", GraphTensor.indices(10)));

    try (AdmittedModel model =
        admit(
            withoutProbe(changed(given, Optional.of(graph), given.probe())),
            EngineKind.AUTOGRAD,
            auto())) {
      assertThat(model.report().method()).isEqualTo(ContributionMethod.AFFINE);
      assertThat(model.report().checks()).noneMatch(check -> check.startsWith("categories"));
    }
  }

  private static final Argument X = new Result("x");

  /** Two numbers of what was looked up, and the columns 3 and 4. */
  private static List<Node> meanAndNumbers() {
    return List.of(
        node("mean", "aten.mean.dim", new Result("back"), list(1)),
        node(
            "part",
            "aten.slice.Tensor",
            new Result("mean"),
            new Whole(1),
            new Whole(0),
            new Whole(2)),
        node("numbers", "aten.slice.Tensor", X, new Whole(1), new Whole(3), new Whole(5)),
        node("out", "aten.add.Tensor", new Result("part"), new Result("numbers")));
  }

  private static Items list(long... sizes) {
    return new Items(Arrays.stream(sizes).<Argument>mapToObj(Whole::new).toList());
  }

  private static String output(ModelBundle bundle) {
    return bundle.graph().orElseThrow().output();
  }

  /** The graph with more nodes, of which the last is the output. */
  private static EncoderGraph graph(ModelBundle bundle, List<Node> more) {
    EncoderGraph graph = bundle.graph().orElseThrow();
    List<Node> nodes = new ArrayList<>(graph.nodes());
    nodes.addAll(more);
    return new EncoderGraph(
        graph.input(), nodes, more.get(more.size() - 1).name(), graph.tensors());
  }

  /**
   * With more nodes, which add the same to all outputs.
   *
   * @param added what they add to a row
   * @param column of whose number they have the derivative 1; −1 for none
   */
  private static ModelBundle with(
      ModelBundle bundle, List<Node> more, ToDoubleFunction<float[]> added, int column) {
    EncoderProbe probe = bundle.probe().orElseThrow();
    float[] z = probe.outputs().values().clone();
    float[] j = probe.jacobian().values().clone();
    for (int i = 0; i < z.length; i++) {
      z[i] += (float) added.applyAsDouble(probe.inputs().row(i / 2));
      if (column >= 0) {
        j[7 * i + column] += 1;
      }
    }
    return changed(
        bundle,
        Optional.of(graph(bundle, more)),
        Optional.of(
            new EncoderProbe(
                probe.inputs(),
                new Tensor(probe.outputs().shape(), z),
                new Tensor(probe.jacobian().shape(), j))));
  }

  /** With the probe's rows, whose outputs are computed by the encoder itself. */
  private static ModelBundle withoutProbe(ModelBundle bundle) {
    EncoderProbe probe = bundle.probe().orElseThrow();
    ModelBundle only = changed(bundle, bundle.graph(), Optional.empty());
    try (JacobianEngine engine = Engines.open(only, EngineKind.AUTOGRAD, Device.cpu())) {
      Probe own = Probe.of(engine, rows(probe.inputs()));
      return changed(
          bundle,
          bundle.graph(),
          Optional.of(
              new EncoderProbe(
                  probe.inputs(),
                  tensor(own.outputs(), probe.outputs().shape()),
                  tensor(own.jacobian(), probe.jacobian().shape()))));
    }
  }

  private static FloatMatrix rows(Tensor tensor) {
    return FloatMatrix.of(
        IntStream.range(0, tensor.size(0)).mapToObj(tensor::row).toArray(float[][]::new));
  }

  private static Tensor tensor(FloatMatrix matrix, List<Integer> shape) {
    float[] values = new float[matrix.rows() * matrix.columns()];
    for (int row = 0; row < matrix.rows(); row++) {
      System.arraycopy(matrix.row(row), 0, values, row * matrix.columns(), matrix.columns());
    }
    return new Tensor(shape, values);
  }

  private static Node node(String name, String operator, Argument... arguments) {
    return new Node(name, operator, List.of(arguments), Map.of());
  }

  @Test
  void anIndexOutOfRangeIsRejectedWithItsColumns() {
    float[][] rows = GoldenCase.ofGraph("categories-smooth").features();
    rows[3][1] = 40;
    rows[5][0] = Float.NaN;
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
        } else if (row == 5) {
          assertThat(outcomes.get(row))
              .isEqualTo(new Rejected(Reason.NOT_FINITE, "feature 0 is NaN"));
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
