package io.attribution.admission;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.attribution.attribution.GoldenCase;
import io.attribution.bundle.BundleLoader;
import io.attribution.bundle.ModelBundle;
import io.attribution.jacobian.EngineKind;
import io.attribution.jacobian.JacobianEngine;
import io.attribution.jacobian.Linearization;
import org.junit.jupiter.api.Test;

class ReplacedOperatorsTest {
  private final ModelBundle bundle = BundleLoader.load(GoldenCase.named("outputs-96").directory());

  @Test
  void anEngineThatGivesTheSameIsTaken() {
    try (Changed changed = new Changed(1, 1)) {
      assertThat(ReplacedOperators.trusted(bundle, changed)).isSameAs(changed);
    }
  }

  @Test
  void otherOutputsAreNotTaken() {
    assertThat(chosen(new Changed(1.01, 1))).isEqualTo("as given");
  }

  @Test
  void otherJacobiansAreNotTaken() {
    assertThat(chosen(new Changed(1, 1.01))).isEqualTo("as given");
  }

  @Test
  void anEngineThatFailsIsNotTaken() {
    assertThat(chosen(new Changed(Double.NaN, 1))).isEqualTo("as given");
  }

  private String chosen(Changed changed) {
    try (JacobianEngine engine = ReplacedOperators.trusted(bundle, changed)) {
      assertThat(changed.closed).isTrue();
      return engine == changed ? "changed" : "as given";
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

  /** The bundle's engine, with outputs and Jacobians that are multiplied. */
  private final class Changed implements JacobianEngine {
    private final JacobianEngine engine = EngineKind.AUTOGRAD.open(bundle).asGiven();
    private final double outputs;
    private final double jacobians;
    private boolean closed;

    Changed(double outputs, double jacobians) {
      this.outputs = outputs;
      this.jacobians = jacobians;
    }

    @Override
    public String name() {
      return engine.name();
    }

    @Override
    public Linearization linearize(NDArray inputs) {
      Linearization f = engine.linearize(inputs);
      return new Linearization(f.outputs().mul(outputs), f.jacobian().mul(jacobians));
    }

    @Override
    public Device device() {
      return engine.device();
    }

    @Override
    public boolean isAsGiven() {
      return false;
    }

    @Override
    public JacobianEngine asGiven() {
      return engine.asGiven();
    }

    @Override
    public void close() {
      closed = true;
      engine.close();
    }
  }
}
