package io.attribution.engine.internal.jacobian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.EncoderProbe;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.bundle.Tensor;
import io.attribution.engine.bundle.TestFiles;
import io.attribution.engine.internal.torch.PyTorch;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.runtime.EngineKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs that torch.export gave, against what PyTorch computed in float64. */
class GraphEncoderTest {
  private static final Agreement REFERENCE = Agreement.REFERENCE;

  static Stream<String> cases() throws IOException {
    try (Stream<Path> folders = Files.list(TestFiles.folder("golden-graph"))) {
      return folders.map(p -> p.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesTheReferencesOutputsAndJacobians(String name) {
    ModelBundle bundle = bundle(name);
    try (JacobianEngine engine = Engines.open(bundle, EngineKind.AUTOGRAD, Device.cpu())) {
      // As many at once as are there, some that go together, some that are filled up.
      for (int rows : List.of(16, 16, 3, 13, 300)) {
        assertAgrees(bundle.probe().orElseThrow(), run(engine, bundle, rows));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void fasterOperatorsGiveTheSame(String name) {
    ModelBundle bundle = bundle(name);
    try (JacobianEngine engine = Engines.open(bundle, EngineKind.AUTOGRAD, Device.cpu())) {
      Optional<JacobianEngine> faster = engine.faster();
      faster.ifPresent(f -> assertAgrees(bundle.probe().orElseThrow(), run(f, bundle, 16)));
      faster.ifPresent(JacobianEngine::close);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void derivativesOfGraphsGiveTheSame(String name) {
    assumeThat(name).isNotEqualTo("lstm");
    ModelBundle bundle = bundle(name);
    try (JacobianEngine engine = Engines.open(bundle, EngineKind.GRAPH, Device.cpu())) {
      for (int rows : List.of(16, 1, 3, 13, 300)) {
        assertAgrees(bundle.probe().orElseThrow(), run(engine, bundle, rows));
      }
    }
  }

  @Test
  void namesTheOperatorThatHasNoDerivative() {
    ModelBundle bundle = bundle("lstm");
    assertThat(Engines.obstacle(bundle).orElseThrow()).startsWith("aten.lstm.input (");
    assertThatExceptionOfType(BundleException.class)
        .isThrownBy(() -> Engines.open(bundle, EngineKind.GRAPH, Device.cpu()))
        .withMessageContaining("engine 'graph' has no derivative of aten.lstm.input (")
        .withMessageContaining("choose auto");
  }

  /** z = J·e + c, where c is computed from the constants alone. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "bias-mlp",
        "batch-norm-relu",
        "core-aten",
        "layernorm-detached",
        "layernorm-in-other-words",
        "residual",
        "conv-linear",
        "where-prelu",
        "clamped"
      })
  void constantsCompleteThePiecewiseLinear(String name) {
    ModelBundle bundle = bundle(name);
    try (JacobianEngine engine = Engines.open(bundle, EngineKind.AUTOGRAD, Device.cpu())) {
      assertThat(engine.knowsConstants()).isTrue();
      for (int rows : List.of(16, 16, 3, 300)) {
        Result result = run(engine, bundle, rows);
        assertAgrees(bundle.probe().orElseThrow(), result);
        for (int i = 0; i < rows; i++) {
          float[] sum = result.reconstruction().row(i);
          float[] constants = result.intercept().row(i);
          assertThat(Agreement.largest(constants)).isPositive();
          for (int o = 0; o < sum.length; o++) {
            sum[o] += constants[o];
          }
          assertThat(REFERENCE.differs(sum, result.outputs().row(i), scale(bundle)))
              .as("%s row %d", name, i)
              .isFalse();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bias-mlp",
        "batch-norm-relu",
        "core-aten",
        "layernorm-detached",
        "layernorm-in-other-words",
        "residual",
        "where-prelu"
      })
  void recognisedLayersGiveTheSame(String name) {
    ModelBundle bundle = bundle(name);
    for (EngineKind kind : List.of(EngineKind.LAYERS, EngineKind.LAYERWISE)) {
      try (JacobianEngine engine = Engines.open(bundle, kind, Device.cpu())) {
        assertAgrees(bundle.probe().orElseThrow(), run(engine, bundle, 16));
      }
    }
  }

  @Test
  void encodersThatAreNotLinearRunWhateverTheirConstants() {
    ModelBundle bundle = bundle("lstm");
    try (JacobianEngine engine = Engines.open(bundle, EngineKind.AUTOGRAD, Device.cpu())) {
      assertAgrees(bundle.probe().orElseThrow(), run(engine, bundle, 16));
    }
  }

  private static double scale(ModelBundle bundle) {
    return Agreement.largest(bundle.probe().orElseThrow().outputs().values());
  }

  private static void assertAgrees(EncoderProbe expected, Result actual) {
    int known = expected.inputs().size(0);
    double scale = Agreement.largest(expected.outputs().values());
    // A row whose terms cancel is rounding.
    double smallest = 1e-3 * Agreement.largest(expected.jacobian().values());
    for (int i = 0; i < actual.outputs().rows(); i++) {
      float[] outputs = expected.outputs().row(i % known);
      assertThat(REFERENCE.differs(actual.outputs().row(i), outputs, scale))
          .as("row %d", i)
          .isFalse();
      assertThat(REFERENCE.differs(actual.alone().row(i), outputs, scale))
          .as("row %d", i)
          .isFalse();
      float[] jacobian = expected.jacobian().row(i % known);
      double largest = Math.max(smallest, Agreement.largest(jacobian));
      assertThat(REFERENCE.differs(actual.jacobian().row(i), jacobian, largest))
          .as("Jacobian of row %d", i)
          .isFalse();
    }
  }

  private static ModelBundle bundle(String name) {
    return BundleLoader.load(TestFiles.folder("golden-graph").resolve(name));
  }

  /**
   * An engine's answers.
   *
   * @param alone z without a derivative
   * @param intercept c; zeros where the engine does not know it
   */
  private record Result(
      FloatMatrix outputs,
      FloatMatrix alone,
      FloatMatrix jacobian,
      FloatMatrix reconstruction,
      FloatMatrix intercept) {}

  private static Result run(JacobianEngine engine, ModelBundle bundle, int rows) {
    Tensor probe = bundle.probe().orElseThrow().inputs();
    FloatMatrix inputs = FloatMatrix.allocateDirect(rows, probe.size(1));
    for (int i = 0; i < rows; i++) {
      inputs.setRow(i, probe.row(i % probe.size(0)));
    }
    try (NDManager scope = PyTorch.newScope(Device.cpu())) {
      NDArray e =
          scope.create(inputs.bytes(0, rows), new Shape(rows, inputs.columns()), DataType.FLOAT32);
      Linearization f = engine.linearize(e);
      NDArray alone = engine.outputs(e);
      NDArray intercept =
          engine.knowsConstants()
              ? engine.linearizeWithIntercept(e).intercept().orElseThrow()
              : f.outputs().zerosLike();
      return new Result(
          matrix(f.outputs()),
          matrix(alone),
          matrix(f.jacobian()),
          matrix(f.reconstruct(e)),
          matrix(intercept));
    }
  }

  private static FloatMatrix matrix(NDArray array) {
    int rows = (int) array.getShape().get(0);
    return FloatMatrix.wrap(array.toByteBuffer(), rows, (int) (array.size() / rows));
  }
}
