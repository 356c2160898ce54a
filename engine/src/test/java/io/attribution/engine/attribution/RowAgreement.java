package io.attribution.engine.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/**
 * Float32 rows against a float64 reference. Next to a kink two right computations may take
 * different sides, so that one row in a hundred may differ.
 */
public final class RowAgreement {
  private static final double ROW_TOLERANCE = 1e-4;
  private static final double KINK_SHARE = 0.01;

  private RowAgreement() {}

  public static void assertRows(double[][] expected, List<float[]> actual) {
    assertThat(actual).hasSize(expected.length);
    List<String> differing = new ArrayList<>();
    for (int i = 0; i < expected.length; i++) {
      double difference = difference(expected[i], actual.get(i));
      if (!(difference <= ROW_TOLERANCE)) {
        differing.add("row " + i + " by " + difference);
      }
    }
    assertThat(differing).hasSizeLessThanOrEqualTo((int) (KINK_SHARE * expected.length));
  }

  private static double difference(double[] expected, float[] actual) {
    assertThat(actual).hasSize(expected.length);
    double difference = 0;
    double magnitude = 1e-30;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
      magnitude = Math.max(magnitude, Math.abs(expected[i]));
    }
    return difference / magnitude;
  }
}
