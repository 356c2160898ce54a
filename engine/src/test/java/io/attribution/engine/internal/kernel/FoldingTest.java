package io.attribution.engine.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.bundle.Tensor;
import io.attribution.engine.internal.kernel.Element.Centre;
import io.attribution.engine.internal.kernel.Element.Dense;
import io.attribution.engine.internal.kernel.Element.Factor;
import io.attribution.engine.internal.kernel.Element.Residual;
import io.attribution.engine.internal.kernel.Element.RowFactor;
import io.attribution.engine.internal.kernel.Element.Scale;
import io.attribution.engine.internal.kernel.Folding.Folded;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What folding leaves of a chain of three inputs, and that it multiplies up to the same. */
class FoldingTest {
  private static final int INPUTS = 3;
  private static final Offset<Double> ROUNDING = Offset.offset(1e-12);
  private static final DerivativeAt ROW =
      new DerivativeAt(
          Map.of(
              "m", new double[] {0, -0.5, 2},
              "n", new double[] {1, 0.25, -3},
              "r", new double[] {1.5},
              "s", new double[] {-0.125}));

  private static final Element CENTRE = new Centre();
  private static final Element SCALE = new Scale(Tensor.vector(2, 0, -3));
  private static final Element SCALE_2 = new Scale(Tensor.vector(-1, 0.5f, 4));
  private static final Element M = new Factor("m");
  private static final Element N = new Factor("n");
  private static final Element R = new RowFactor("r");
  private static final Element S = new RowFactor("s");

  static Stream<Arguments> chains() {
    return Stream.of(
        // Numbers per row leave the chain.
        chain("Factor", "r s", R, M, S),
        chain("2×3 Factor 3×2", "r", dense(2, 3), M, R, dense(3, 2)),
        // A scale moves past factors into the next product, or the one before.
        chain("2×3", "", SCALE, dense(2, 3)),
        chain("Factor 2×3", "", SCALE, M, dense(2, 3)),
        chain("Factor Factor 2×3", "", SCALE, M, N, dense(2, 3)),
        chain("3×3 Factor 2×3", "", dense(3, 3), SCALE, M, dense(2, 3)),
        chain("3×3", "", dense(3, 3), SCALE),
        chain("3×3 Factor Factor", "", dense(3, 3), M, N, SCALE),
        chain("2×3", "", SCALE, SCALE_2, dense(2, 3)),
        chain("3×3", "", dense(3, 3), SCALE, SCALE_2),
        // A mean goes only into the product right beside it.
        chain("2×3", "", CENTRE, dense(2, 3)),
        chain("3×3", "", dense(3, 3), CENTRE),
        chain("3×3 2×3", "", dense(3, 3), CENTRE, dense(2, 3)),
        chain("2×3", "r", CENTRE, R, dense(2, 3)),
        // What went away lets others through.
        chain("2×3", "r", CENTRE, R, SCALE, dense(2, 3)),
        chain("3×3", "r", dense(3, 3), CENTRE, R, SCALE),
        chain("3×3 2×3", "r s", dense(3, 3), CENTRE, R, SCALE, CENTRE, S, SCALE_2, dense(2, 3)),
        chain("3×3 Factor 2×3", "r", dense(3, 3), CENTRE, R, SCALE, M, dense(2, 3)),
        // What nothing can take stays.
        chain("Centre", "", CENTRE),
        chain("Scale", "", SCALE),
        chain("Factor Scale Factor", "", M, SCALE, N),
        chain("Centre Factor 2×3", "", CENTRE, M, dense(2, 3)),
        chain("3×3 Factor Centre", "", dense(3, 3), M, CENTRE),
        chain("Scale Centre Factor", "r", SCALE, CENTRE, R, M),
        chain("Centre (1 + 3×3)", "", CENTRE, new Residual(List.of(dense(3, 3)))),
        chain("Scale (1 + 3×3)", "", SCALE, new Residual(List.of(dense(3, 3)))),
        chain("(1 + 3×3) Scale", "", new Residual(List.of(dense(3, 3))), SCALE),
        // Within a branch numbers per row stay, and the rest folds.
        chain("(1 + Factor RowFactor)", "", new Residual(List.of(R, M))),
        chain("(1 + 3×3 RowFactor)", "s", S, new Residual(List.of(CENTRE, R, SCALE, dense(3, 3)))),
        chain(
            "(1 + (1 + 3×3 RowFactor) 3×3 RowFactor)",
            "",
            new Residual(List.of(new Residual(List.of(R, dense(3, 3))), dense(3, 3), CENTRE, S))),
        chain("(1 + )", "", new Residual(List.of())));
  }

  @ParameterizedTest(name = "{0}, {1} from {2}")
  @MethodSource("chains")
  void leavesOnlyWhatCannotMove(String left, List<String> rowFactors, List<Element> chain) {
    Folded folded = Folding.fold(chain);

    assertThat(Derivative.describe(folded.elements())).isEqualTo(left);
    assertThat(folded.rowFactors()).containsExactlyElementsOf(rowFactors);
  }

  @ParameterizedTest(name = "{0}, {1} from {2}")
  @MethodSource("chains")
  void multipliesUpToTheSame(String left, List<String> rowFactors, List<Element> chain) {
    Folded folded = Folding.fold(chain);

    assertSame(ROW.of(chain, INPUTS), ROW.of(folded, INPUTS));
  }

  @Test
  void leavesTheChainAsItWas() {
    Element product = dense(2, 3);
    List<Element> chain = List.of(CENTRE, SCALE, product);
    double[][] before = ROW.of(chain, INPUTS);

    Folding.fold(chain);

    assertSame(before, ROW.of(chain, INPUTS));
  }

  private static Arguments chain(String left, String rowFactors, Element... chain) {
    List<String> rows = rowFactors.isEmpty() ? List.of() : List.of(rowFactors.split(" "));
    return Arguments.of(left, rows, List.of(chain));
  }

  private static Element dense(int outputs, int inputs) {
    Random random = new Random(31L * outputs + inputs);
    float[] values = new float[outputs * inputs];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new Dense(Matrix.of(new Tensor(List.of(outputs, inputs), values)));
  }

  private static void assertSame(double[][] expected, double[][] actual) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as("column %d", i).containsExactly(expected[i], ROUNDING);
    }
  }
}
