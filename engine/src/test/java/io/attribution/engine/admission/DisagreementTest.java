package io.attribution.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.internal.jacobian.Probe;
import io.attribution.engine.matrix.FloatMatrix;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DisagreementTest {
  private static final float[] ANY_JACOBIAN = {1, 2};

  @Test
  void passesOverRounding() {
    Probe whole = probe(new float[] {1, -2}, ANY_JACOBIAN);
    Probe part = probe(new float[] {1.000001f, -2.000001f}, new float[] {1.0001f, 2});

    Disagreement found = Disagreement.between(part, whole, 0);

    assertThat(found.hasOtherOutputs()).isFalse();
    assertThat(found.hasOtherJacobians(1)).isFalse();
  }

  @Test
  void seesOtherOutputs() {
    Probe whole = probe(new float[] {1, -2}, ANY_JACOBIAN);

    assertThat(
            Disagreement.between(probe(new float[] {1, -2.01f}, ANY_JACOBIAN), whole, 0)
                .hasOtherOutputs())
        .isTrue();
  }

  /** Cancellation leaves nothing but rounding in a row's outputs: no two ways agree on it. */
  @Test
  void measuresOutputsAgainstTheLargestOfAllRows() {
    Probe whole = probe(new float[][] {{1e-6f}, {5}}, new float[][] {{1}, {1}});
    Probe part = probe(new float[] {2e-6f}, new float[] {1});

    assertThat(Disagreement.between(part, whole, 0).hasOtherOutputs()).isFalse();
  }

  /** Behind a saturated softmax derivatives are rounding, and no two ways agree on them. */
  @Test
  void leavesJacobiansThatMoveNothing() {
    Probe whole = probe(new float[] {1, 0}, new float[] {4e-17f, -2e-17f});
    Probe part = probe(new float[] {1, 0}, new float[] {3e-17f, 2e-17f});

    assertThat(Disagreement.between(part, whole, 0).hasOtherJacobians(1)).isFalse();
    Probe steep = probe(new float[] {1, 0}, new float[] {4e-6f, -2e-6f});
    assertThat(Disagreement.between(part, steep, 0).hasOtherJacobians(1)).isTrue();
  }

  @Test
  void comparesAPartWithItsPlaceInTheWhole() {
    Probe whole = probe(new float[][] {{1}, {2}, {3}}, new float[][] {{4}, {5}, {6}});
    Probe part = probe(new float[][] {{2}, {3}}, new float[][] {{5}, {6}});

    assertThat(Disagreement.between(part, whole, 1)).isEqualTo(Disagreement.NONE);
    assertThat(Disagreement.between(part, whole, 0).jacobians()).isEqualTo(2);
  }

  @Test
  void seesValuesThatAreNotFinite() {
    Probe whole = probe(new float[] {1}, new float[] {1});

    assertThat(
            Disagreement.between(probe(new float[] {Float.NaN}, new float[] {1}), whole, 0)
                .hasOtherOutputs())
        .isTrue();
    assertThat(
            Disagreement.between(
                    probe(new float[] {1}, new float[] {Float.POSITIVE_INFINITY}), whole, 0)
                .jacobians())
        .isEqualTo(1);
  }

  @Test
  void toleratesOneKinkAmongManyRows() {
    assertThat(new Disagreement(0, 1).hasOtherJacobians(32)).isFalse();
    assertThat(new Disagreement(0, 2).hasOtherJacobians(32)).isTrue();
    assertThat(new Disagreement(0, 1).and(new Disagreement(0.5, 1)))
        .isEqualTo(new Disagreement(0.5, 2));
  }

  private static Probe probe(float[] outputs, float[] jacobian) {
    return probe(new float[][] {outputs}, new float[][] {jacobian});
  }

  private static Probe probe(float[][] outputs, float[][] jacobian) {
    return new Probe(
        FloatMatrix.of(outputs),
        FloatMatrix.of(jacobian),
        FloatMatrix.of(outputs),
        Optional.empty());
  }
}
