package io.attribution.engine.internal.diagnosis;

import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.internal.jacobian.Probe;
import io.attribution.engine.matrix.FloatMatrix;
import java.util.Arrays;

/** Asks an engine for z and J at rows of our choosing, in parts that bound native memory. */
final class ProbedEncoder {
  private static final long PART_BYTES = 16L << 20;

  private final JacobianEngine engine;
  private final int partRows;

  /**
   * @param rowBytes the size of one J, O·K·4
   */
  ProbedEncoder(JacobianEngine engine, long rowBytes) {
    this.engine = engine;
    this.partRows = (int) Math.max(1, Math.min(1024, PART_BYTES / rowBytes));
  }

  /**
   * With the Jacobians.
   *
   * @throws RuntimeException when the engine refuses the rows
   */
  Answers linearize(float[][] rows) {
    return ask(rows, true);
  }

  /**
   * Without the Jacobians, which take most of the memory.
   *
   * @throws RuntimeException when the engine refuses the rows
   */
  Answers reconstruct(float[][] rows) {
    return ask(rows, false);
  }

  private Answers ask(float[][] rows, boolean keepJacobians) {
    float[][] outputs = new float[rows.length][];
    double[][] reconstruction = new double[rows.length][];
    float[][] jacobians = new float[keepJacobians ? rows.length : 0][];
    for (int from = 0; from < rows.length; from += partRows) {
      int to = Math.min(rows.length, from + partRows);
      Probe probe = Probe.of(engine, FloatMatrix.of(Arrays.copyOfRange(rows, from, to)));
      for (int i = from; i < to; i++) {
        float[] jacobian = probe.jacobian().row(i - from);
        outputs[i] = probe.outputs().row(i - from);
        reconstruction[i] = product(jacobian, rows[i], outputs[i].length);
        if (keepJacobians) {
          jacobians[i] = jacobian;
        }
      }
    }
    return new Answers(rows, outputs, reconstruction, jacobians);
  }

  private static double[] product(float[] jacobian, float[] row, int outputs) {
    double[] product = new double[outputs];
    for (int o = 0; o < outputs; o++) {
      product[o] = Vectors.dot(jacobian, o * row.length, row);
    }
    return product;
  }
}
