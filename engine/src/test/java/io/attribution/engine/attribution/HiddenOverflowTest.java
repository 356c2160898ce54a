package io.attribution.engine.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.attribution.Rejected.Reason;
import io.attribution.engine.bundle.Preprocessing;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.verification.VerificationSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class HiddenOverflowTest {
  private static final float FAR = 1e25f;

  @Test
  void keepsARowWhoseOutputsScaleWithIt() {
    assertThat(verdict(FAR, HiddenOverflowTest::linear, x -> -x)).isInstanceOf(Attributed.class);
  }

  /** As behind a ReLU that is dead in this direction. */
  @Test
  void keepsAnOutputThatIsZeroAtEveryDistance() {
    assertThat(verdict(FAR, HiddenOverflowTest::linear, x -> 0)).isInstanceOf(Attributed.class);
  }

  @Test
  void rejectsARowWithOneOutputThatIsLost() {
    assertThat(verdict(FAR, HiddenOverflowTest::linear, x -> x > 1e20 ? 0 : 1e-20))
        .isInstanceOfSatisfying(
            Rejected.class, r -> assertThat(r.reason()).isEqualTo(Reason.RESULT_NOT_FINITE));
  }

  /** Another engine has lost it already. */
  @Test
  void rejectsARowBeyondFloat32ThatANormHasNotYetLost() {
    assertThat(verdict(FAR, HiddenOverflowTest::norm, HiddenOverflowTest::norm))
        .isInstanceOf(Rejected.class);
    assertThat(verdict(0x1p50f, HiddenOverflowTest::norm, HiddenOverflowTest::norm))
        .isInstanceOf(Attributed.class);
  }

  @Test
  void rejectsWhatItCannotAskAgain() {
    DoubleUnaryOperator refusing =
        x -> {
          if (x < FAR) {
            throw new IllegalStateException("refused");
          }
          return x;
        };

    assertThat(verdict(FAR, refusing, HiddenOverflowTest::linear)).isInstanceOf(Rejected.class);
  }

  private static double linear(double x) {
    return 2 * x;
  }

  /** The same at every distance, until the variance overflows. */
  private static double norm(double x) {
    return Math.abs(x) < 1e30 ? Math.signum(x) : 0;
  }

  private static Outcome verdict(float x, DoubleUnaryOperator first, DoubleUnaryOperator second) {
    Route route =
        new Route() {
          @Override
          public void attribute(FloatMatrix features, Attributions results) {
            for (int row = 0; row < features.rows(); row++) {
              double value = features.get(row, 0);
              results.reconstruction().set(row, 0, first.applyAsDouble(value));
              results.reconstruction().set(row, 1, second.applyAsDouble(value));
            }
          }

          @Override
          public void close() {}
        };
    Attributions results = allocate(1);
    FloatMatrix features = FloatMatrix.of(new float[] {x});
    route.attribute(features, results);
    List<Outcome> outcomes = new ArrayList<>();
    outcomes.add(
        new Attributed(
            results, 0, VerificationSummary.ofRow(results.exact(), results.reconstruction(), 0)));
    new HiddenOverflow(route, Preprocessing.NONE, HiddenOverflowTest::allocate)
        .reject(features, results, outcomes);
    return outcomes.get(0);
  }

  private static Attributions allocate(int rows) {
    return Attributions.allocate(rows, 2, 1, new ResultSelection(false, Optional.empty()));
  }
}
