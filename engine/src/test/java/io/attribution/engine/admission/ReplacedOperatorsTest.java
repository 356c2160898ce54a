package io.attribution.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.attribution.engine.attribution.GoldenCase;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.internal.jacobian.Engines;
import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.internal.jacobian.Linearization;
import io.attribution.engine.runtime.EngineKind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplacedOperatorsTest {
  private final ModelBundle bundle = BundleLoader.load(GoldenCase.named("outputs-96").directory());

  @Test
  void anEngineThatGivesTheSameIsTaken() {
    requireChoice(new Multiplied(1, 1, 0), true);
  }

  @Test
  void otherOutputsAreNotTaken() {
    requireChoice(new Multiplied(1.01, 1, 0), false);
  }

  @Test
  void otherJacobiansAreNotTaken() {
    requireChoice(new Multiplied(1, 1.01, 0), false);
  }

  @Test
  void anEngineThatFailsIsNotTaken() {
    requireChoice(new Multiplied(Double.NaN, 1, 0), false);
  }

  /** Some operators are others from a certain size on. */
  @Test
  void whatDiffersInLargeBatchesOnlyIsNotTaken() {
    requireChoice(new Multiplied(1.01, 1, ProbeRows.COUNT + 1), false);
  }

  private void requireChoice(Multiplied faster, boolean taken) {
    Given given = new Given(faster);
    try (JacobianEngine engine =
        ReplacedOperators.fastest(bundle, given, ProbeRows.of(bundle)).engine()) {
      assertThat(engine).isSameAs(taken ? faster : given);
      assertThat(faster.closed).isEqualTo(!taken);
      assertThat(given.closed).isEqualTo(taken);
    }
  }

  @Test
  void aRealEncoderRunsWithFasterOperatorsAndTheReportSaysSo() {
    try (AdmittedModel model = AdmissionCheck.admit(bundle, EngineKind.AUTOGRAD)) {
      assertThat(model.engine().isAsGiven()).isFalse();
      assertThat(model.report().checks())
          .contains("faster operators in the place of prelu and linear give the same");
    }
  }

  /** The bundle's engine. */
  private class Given implements JacobianEngine {
    private final JacobianEngine engine = Engines.open(bundle, EngineKind.AUTOGRAD, Device.cpu());
    private final Optional<JacobianEngine> faster;
    boolean closed;

    Given(@Nullable JacobianEngine faster) {
      this.faster = Optional.ofNullable(faster);
    }

    @Override
    public EngineKind kind() {
      return engine.kind();
    }

    @Override
    public Linearization linearize(NDArray inputs) {
      return engine.linearize(inputs);
    }

    @Override
    public Device device() {
      return engine.device();
    }

    @Override
    public Optional<JacobianEngine> faster() {
      return faster;
    }

    @Override
    public void close() {
      closed = true;
      engine.close();
    }
  }

  /** With outputs and Jacobians that are multiplied from a number of rows on. */
  private final class Multiplied extends Given {
    private final double outputs;
    private final double jacobians;
    private final int fromRows;

    Multiplied(double outputs, double jacobians, int fromRows) {
      super(null);
      this.outputs = outputs;
      this.jacobians = jacobians;
      this.fromRows = fromRows;
    }

    @Override
    public Linearization linearize(NDArray inputs) {
      Linearization f = super.linearize(inputs);
      return inputs.getShape().get(0) < fromRows
          ? f
          : new Linearization(f.outputs().mul(outputs), f.jacobian().mul(jacobians));
    }
  }
}
