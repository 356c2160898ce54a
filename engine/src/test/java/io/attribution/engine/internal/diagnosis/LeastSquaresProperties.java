package io.attribution.engine.internal.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LeastSquaresProperties {

  /** Also where a direction appears in no equation: then its part of m is left at 0. */
  @Property(tries = 100)
  void findsWhatTheEquationsSay(
      @ForAll @IntRange(min = 1, max = 40) int unknowns, @ForAll boolean blind, @ForAll long seed) {
    Random random = new Random(seed);
    double[] m = random.doubles(unknowns, -1, 1).toArray();
    if (blind) {
      m[0] = 0;
    }
    LeastSquares fit = new LeastSquares(unknowns);
    for (int i = 0; i < 3 * unknowns; i++) {
      float[] a = new float[unknowns + 1];
      for (int k = 0; k < unknowns; k++) {
        a[k + 1] = blind && k == 0 ? 0 : (float) random.nextGaussian();
      }
      fit.add(a, 1, Vectors.dot(a, 1, m));
    }

    double[] solution = fit.solve();

    for (int k = 0; k < unknowns; k++) {
      assertThat(solution[k]).isCloseTo(m[k], org.assertj.core.data.Offset.offset(1e-6));
    }
  }
}
