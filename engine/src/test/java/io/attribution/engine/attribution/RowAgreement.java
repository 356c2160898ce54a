package io.attribution.engine.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.internal.jacobian.Agreement;
import java.util.ArrayList;
import java.util.List;

/** Compares float32 rows with a float64 reference, by {@link Agreement#REFERENCE}. */
public final class RowAgreement {
  private RowAgreement() {}

  public static void assertRows(double[][] expected, List<float[]> actual) {
    assertThat(actual).hasSize(expected.length);
    List<String> differing = new ArrayList<>();
    for (int i = 0; i < expected.length; i++) {
      float[] row = narrowed(expected[i]);
      assertThat(actual.get(i)).hasSize(row.length);
      double difference = Agreement.difference(actual.get(i), row, Agreement.largest(row));
      if (difference > Agreement.REFERENCE.tolerance()) {
        differing.add("row " + i + " by " + difference);
      }
    }
    assertThat(Agreement.REFERENCE.allows(differing.size(), expected.length))
        .as("%s", differing)
        .isTrue();
  }

  private static float[] narrowed(double[] row) {
    float[] narrowed = new float[row.length];
    for (int k = 0; k < row.length; k++) {
      narrowed[k] = (float) row[k];
    }
    return narrowed;
  }
}
