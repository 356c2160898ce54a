package io.attribution.engine.admission;

import io.attribution.engine.internal.jacobian.Agreement;
import io.attribution.engine.internal.jacobian.Probe;

/**
 * How far two engines' results for the same rows are apart, judged by {@link Agreement#ADMISSION}.
 *
 * @param outputs largest difference of an output, relative to the largest output of all rows: one
 *     row's outputs may be next to nothing, and then differ by any factor
 * @param jacobians how many rows have another Jacobian
 */
record Disagreement(double outputs, int jacobians) {
  static final Disagreement NONE = new Disagreement(0, 0);

  /**
   * @param part results for rows that start at row {@code from} of {@code all}
   * @param all finite
   */
  static Disagreement between(Probe part, Probe all, int from) {
    double outputs = 0;
    int jacobians = 0;
    double scale = Agreement.largest(all.outputs());
    for (int i = 0; i < part.outputs().rows(); i++) {
      int row = from + i;
      outputs =
          Math.max(
              outputs, Agreement.difference(part.outputs().row(i), all.outputs().row(row), scale));
      boolean differs =
          Agreement.ADMISSION.differs(part.jacobian().row(i), all.jacobian().row(row));
      jacobians += differs ? 1 : 0;
    }
    return new Disagreement(outputs, jacobians);
  }

  Disagreement and(Disagreement other) {
    return new Disagreement(Math.max(outputs, other.outputs), jacobians + other.jacobians);
  }

  boolean hasOtherOutputs() {
    return outputs > Agreement.ADMISSION.tolerance();
  }

  /**
   * @param rows how many rows were compared
   */
  boolean hasOtherJacobians(int rows) {
    return !Agreement.ADMISSION.allows(jacobians, rows);
  }
}
