package io.attribution.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import io.attribution.engine.attribution.Attributions;
import io.attribution.engine.attribution.ResultSelection;
import io.attribution.engine.attribution.Route;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.internal.jacobian.LayersEngine;
import io.attribution.engine.internal.jacobian.LayerwiseEngine;
import io.attribution.engine.internal.jacobian.Probe;
import io.attribution.engine.internal.route.MethodPlan;
import io.attribution.engine.internal.route.Routes;
import io.attribution.engine.matrix.DoubleMatrix;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.reduction.Reduction;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;

/** Compiled programs give what the layers give one by one, whatever the encoder and the batch. */
class KernelProperties {
  private static final int MAX_ROWS = 1100;
  private static final KernelTarget FLOAT32 = new KernelTarget(true, false);

  /** So that products are the plain ones. */
  private static final int NARROW = 40;

  /** Wide enough for oneDNN's products. */
  private static final int WIDE = 150;

  @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void attributesAsTheLayersDo(@ForAll long seed) {
    assertAttributesAlike(seed, NARROW, FLOAT32);
  }

  @Property(tries = 60, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void attributesWideEncodersAsTheLayersDo(@ForAll long seed) {
    assertAttributesAlike(seed, WIDE, FLOAT32);
  }

  /** oneDNN's products for every batch, in three tiles. */
  @Property(tries = 4, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void attributesLargeWeightsAsTheLayersDo(@ForAll long seed, @ForAll boolean growing) {
    Random random = new Random(seed);
    RandomEncoder encoders = new RandomEncoder(random, WIDE);
    ModelBundle bundle =
        growing ? encoders.perceptron(6, 1024, 256, 12) : encoders.perceptron(256, 1024, 6);
    ResultSelection selection = ResultSelection.all(new Reduction.L2());
    FloatMatrix rows = encoders.rows(MAX_ROWS - random.nextInt(60), bundle.featureCount());

    assertAttributesAlike(bundle, selection, rows, FLOAT32);
  }

  @Property(tries = 100, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void attributesInFloat64AsTheLayersDo(@ForAll long seed) {
    assertAttributesAlike(seed, NARROW, new KernelTarget(true, true));
  }

  /** On the CPU, which runs it as well. */
  @Property(tries = 100, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void theProgramForAGpuAttributesAsTheLayersDo(@ForAll long seed, @ForAll boolean float64) {
    assertAttributesAlike(seed, NARROW, new KernelTarget(false, float64));
  }

  @Property(tries = 200, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void linearizesAsTheLayersDo(@ForAll long seed, @ForAll boolean float64) {
    Random random = new Random(seed);
    RandomEncoder encoders = new RandomEncoder(random, NARROW);
    ModelBundle bundle = encoders.bundle();
    FloatMatrix inputs = encoders.rows(batchSize(random), bundle.inputSize());
    try (JacobianEngine slow = layerwise(bundle);
        JacobianEngine compiled =
            new LayersEngine(bundle, new KernelTarget(true, float64), Device.cpu())) {
      Probe expected = Probe.of(slow, inputs);

      Probe actual = Probe.of(compiled, inputs);

      Rows.assertAgree("z", expected.outputs(), actual.outputs());
      Rows.assertAgree("J", expected.jacobian(), actual.jacobian());
    }
  }

  @Property(tries = 100, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void checksEveryResultOfEveryRow(@ForAll long seed) {
    Random random = new Random(seed);
    RandomEncoder encoders = new RandomEncoder(random, NARROW);
    ModelBundle bundle = encoders.bundle();
    ResultSelection selection =
        new ResultSelection(random.nextBoolean(), reduction(random, bundle.outputCount()));
    FloatMatrix rows = encoders.rows(batchSize(random), bundle.featureCount());
    enlargeSome(rows, random);
    try (JacobianEngine compiled = new LayersEngine(bundle, FLOAT32, Device.cpu())) {
      Attributions results = attribute(bundle, compiled, selection, rows);

      for (int row = 0; row < results.rows(); row++) {
        if (results.check().firstNotFinite(row).isEmpty()) {
          assertFinite(results.slice(row, row + 1));
        }
      }
    }
  }

  /** Finite rows at which an encoder's numbers overflow, or nearly. */
  private static void enlargeSome(FloatMatrix rows, Random random) {
    for (int row = 0; row < rows.rows(); row += 1 + random.nextInt(3)) {
      float[] values = rows.row(row);
      float factor = (float) Math.pow(10, 15 + 22 * random.nextDouble());
      for (int i = 0; i < values.length; i++) {
        values[i] *= factor;
      }
      rows.setRow(row, values);
    }
  }

  private static void assertFinite(Attributions row) {
    assertThat(row.embedding().firstNotFinite(0)).as("embedding").isEmpty();
    for (int output = 0; output < row.exact().columns(); output++) {
      assertThat(row.exact().get(0, output)).as("exact").isFinite();
      assertThat(row.reconstruction().get(0, output)).as("reconstruction").isFinite();
    }
    row.contributions()
        .ifPresent(c -> assertThat(c.firstNotFinite(0)).as("contributions").isEmpty());
    row.reduced().ifPresent(r -> assertThat(r.firstNotFinite(0)).as("reduced").isEmpty());
  }

  private static void assertAttributesAlike(long seed, int widest, KernelTarget target) {
    Random random = new Random(seed);
    RandomEncoder encoders = new RandomEncoder(random, widest);
    ModelBundle bundle = encoders.bundle();
    ResultSelection selection =
        new ResultSelection(random.nextBoolean(), reduction(random, bundle.outputCount()));
    FloatMatrix rows = encoders.rows(batchSize(random), bundle.featureCount());
    Statistics.label("accumulates from the")
        .collect(bundle.inputSize() < bundle.outputCount() ? "inputs" : "outputs")
        .coverage(
            sides -> {
              sides.check("inputs").count(n -> n > 0);
              sides.check("outputs").count(n -> n > 0);
            });
    assertAttributesAlike(bundle, selection, rows, target);
  }

  private static void assertAttributesAlike(
      ModelBundle bundle, ResultSelection selection, FloatMatrix rows, KernelTarget target) {
    try (JacobianEngine slow = layerwise(bundle);
        JacobianEngine compiled = new LayersEngine(bundle, target, Device.cpu())) {
      Attributions expected = attribute(bundle, slow, selection, rows);

      Attributions actual = attribute(bundle, compiled, selection, rows);

      assertAgree(expected, actual);
    }
  }

  private static JacobianEngine layerwise(ModelBundle bundle) {
    return new LayerwiseEngine(bundle.layers().orElseThrow(), bundle.inputShape(), Device.cpu());
  }

  private static Attributions attribute(
      ModelBundle bundle, JacobianEngine engine, ResultSelection selection, FloatMatrix rows) {
    ContributionMethod method = bundle.method();
    try (Route route = Routes.of(bundle, engine, selection, MethodPlan.of(method), 0)) {
      Attributions results =
          Attributions.allocate(
              rows.rows(), bundle.outputCount(), bundle.featureCount(), selection, method);
      route.attribute(rows, results);
      return results;
    }
  }

  private static void assertAgree(Attributions expected, Attributions actual) {
    Rows.assertAgree("embedding", expected.embedding(), actual.embedding());
    Rows.assertAgree("reconstruction", expected.reconstruction(), actual.reconstruction());
    assertThat(actual.base().isPresent()).isEqualTo(expected.base().isPresent());
    expected.base().ifPresent(b -> Rows.assertAgree("base", b, actual.base().orElseThrow()));
    if (expected.base().isPresent()) {
      // Relative to the outputs: of a dead encoder the constants are all there is.
      Rows.assertAgree(
          "c + J e",
          DoubleMatrix.of(actual.embedding()),
          sum(actual.base().get(), actual.reconstruction()));
      Rows.assertAgree(
          "c + (z - c)",
          DoubleMatrix.of(actual.embedding()),
          sum(actual.base().get(), actual.exact()));
    } else {
      Rows.assertAgree("exact", expected.exact(), actual.exact());
    }
    assertThat(actual.contributions().isPresent()).isEqualTo(expected.contributions().isPresent());
    expected
        .contributions()
        .ifPresent(c -> Rows.assertAgree("contributions", c, actual.contributions().orElseThrow()));
    assertThat(actual.reduced().isPresent()).isEqualTo(expected.reduced().isPresent());
    expected
        .reduced()
        .ifPresent(r -> Rows.assertAgree("reduced", r, actual.reduced().orElseThrow()));
    for (int row = 0; row < actual.rows(); row++) {
      assertThat(actual.check().firstNotFinite(row)).as("check of row %d", row).isEmpty();
    }
  }

  private static DoubleMatrix sum(FloatMatrix base, DoubleMatrix change) {
    DoubleMatrix sum = DoubleMatrix.of(base);
    for (int row = 0; row < sum.rows(); row++) {
      for (int output = 0; output < sum.columns(); output++) {
        sum.set(row, output, sum.get(row, output) + change.get(row, output));
      }
    }
    return sum;
  }

  private static Optional<Reduction> reduction(Random random, int outputs) {
    return switch (random.nextInt(4)) {
      case 0 -> Optional.of(new Reduction.L2());
      case 1 -> Optional.of(new Reduction.Normalized());
      case 2 -> Optional.of(new Reduction.Signed(random.nextInt(outputs)));
      default -> Optional.empty();
    };
  }

  /** Small batches as often as large ones: a small one goes in groups of several outputs. */
  private static int batchSize(Random random) {
    return 1 + random.nextInt(random.nextBoolean() ? 60 : MAX_ROWS);
  }
}
