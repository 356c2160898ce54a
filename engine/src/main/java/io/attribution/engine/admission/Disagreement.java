package io.attribution.engine.admission;

import io.attribution.engine.bundle.EncoderProbe;
import io.attribution.engine.internal.jacobian.Agreement;
import io.attribution.engine.internal.jacobian.Probe;
import io.attribution.engine.matrix.FloatMatrix;

/**
 * How far two engines' results for the same rows are apart, judged by {@link Agreement#ADMISSION}.
 *
 * @param outputs largest difference of an output, relative to the largest output of all rows: one
 *     row's outputs may be next to nothing, and then differ by any factor
 * @param jacobians how many rows have another Jacobian
 */
record Disagreement(double outputs, int jacobians) {
  /** A row's Jacobian that is as small beside the largest is rounding, where terms cancel. */
  private static final double SMALL_ROW = 1e-3;

  /**
   * Relative to the outputs, for inputs of about 1: between Jacobians that are as small as this,
   * the difference that counts moves no output by more than its rounding. As behind a softmax that
   * is saturated, where all is rounding.
   */
  private static final double FLAT = 4 * Math.ulp(1f) / Agreement.ADMISSION.tolerance();

  static final Disagreement NONE = new Disagreement(0, 0);

  /**
   * @param part results for rows that start at row {@code from} of {@code all}
   * @param all finite
   */
  static Disagreement between(Probe part, Probe all, int from) {
    return between(part, all.outputs(), all.jacobian(), from);
  }

  /**
   * @param answer results for the rows that the exporter computed
   */
  static Disagreement between(Probe answer, EncoderProbe exporter) {
    return between(
        answer, ProbeRows.matrix(exporter.outputs()), ProbeRows.matrix(exporter.jacobian()), 0);
  }

  private static Disagreement between(
      Probe part, FloatMatrix allOutputs, FloatMatrix allJacobians, int from) {
    double outputs = 0;
    int jacobians = 0;
    double scale = Agreement.largest(allOutputs);
    double smallest = Math.max(SMALL_ROW * Agreement.largest(allJacobians), FLAT * scale);
    for (int i = 0; i < part.outputs().rows(); i++) {
      int row = from + i;
      outputs =
          Math.max(
              outputs, Agreement.difference(part.outputs().row(i), allOutputs.row(row), scale));
      float[] jacobian = allJacobians.row(row);
      boolean differs =
          Agreement.ADMISSION.differs(
              part.jacobian().row(i), jacobian, Math.max(smallest, Agreement.largest(jacobian)));
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

  /** By the measure of a float64 reference. */
  boolean missesReference() {
    return outputs > Agreement.REFERENCE.tolerance();
  }

  /**
   * @param rows how many rows were compared
   */
  boolean hasOtherJacobians(int rows) {
    return !Agreement.ADMISSION.allows(jacobians, rows);
  }
}
