package io.attribution.engine.internal.diagnosis;

import io.attribution.engine.internal.jacobian.Agreement;

/**
 * What an engine made of n rows. Arrays are not copied.
 *
 * <p>Norms and maxima are taken over all rows: a single row's outputs may be next to nothing.
 */
final class Answers {
  private final float[][] inputs;
  private final float[][] outputs;
  private final double[][] reconstruction;
  private final float[][] jacobians;

  /**
   * @param inputs e, (n, K)
   * @param outputs z, (n, O)
   * @param reconstruction J·e, (n, O)
   * @param jacobians J, (n, O·K); no rows where they were not kept
   */
  Answers(float[][] inputs, float[][] outputs, double[][] reconstruction, float[][] jacobians) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.reconstruction = reconstruction;
    this.jacobians = jacobians;
  }

  int rows() {
    return outputs.length;
  }

  /** e, (n, K). */
  float[][] inputs() {
    return inputs;
  }

  float[] input(int row) {
    return inputs[row];
  }

  float[] output(int row) {
    return outputs[row];
  }

  /** J of a row, row-major [output, input]. */
  float[] jacobian(int row) {
    return jacobians[row];
  }

  /** z − J·e. */
  double residual(int row, int output) {
    return outputs[row][output] - reconstruction[row][output];
  }

  boolean isFinite() {
    for (int i = 0; i < outputs.length; i++) {
      for (int o = 0; o < outputs[i].length; o++) {
        if (!Double.isFinite(outputs[i][o] + reconstruction[i][o])) {
          return false;
        }
      }
    }
    return true;
  }

  /** max |z|. */
  double magnitude() {
    double magnitude = 0;
    for (float[] z : outputs) {
      magnitude = Math.max(magnitude, Agreement.largest(z));
    }
    return magnitude;
  }

  /** max |z − J·e| / max |z|; 0 for an encoder of zeros. */
  double error() {
    double error = 0;
    for (int i = 0; i < outputs.length; i++) {
      for (int o = 0; o < outputs[i].length; o++) {
        error = Math.max(error, Math.abs(residual(i, o)));
      }
    }
    return error == 0 ? 0 : error / magnitude();
  }

  /** ‖J·e‖ / ‖z‖. */
  double share() {
    double back = 0;
    double forward = 0;
    for (int i = 0; i < outputs.length; i++) {
      for (int o = 0; o < outputs[i].length; o++) {
        back += reconstruction[i][o] * reconstruction[i][o];
        forward += (double) outputs[i][o] * outputs[i][o];
      }
    }
    return back == 0 ? 0 : Math.sqrt(back / forward);
  }

  /** max |z − other z| / max |other z|, row by row. */
  double distance(Answers other) {
    double distance = 0;
    for (int i = 0; i < outputs.length; i++) {
      distance = Math.max(distance, Agreement.distance(outputs[i], other.outputs[i]));
    }
    return distance == 0 ? 0 : distance / other.magnitude();
  }

  /** How far the outputs of the rows are apart: max |zᵢ − z₀| / max |z|. */
  double spread() {
    double spread = 0;
    for (float[] z : outputs) {
      spread = Math.max(spread, Agreement.distance(z, outputs[0]));
    }
    return spread == 0 ? 0 : spread / magnitude();
  }

  /** How many rows gave the same bits. */
  int unchanged(Answers other) {
    int unchanged = 0;
    for (int i = 0; i < outputs.length; i++) {
      unchanged += Agreement.distance(outputs[i], other.outputs[i]) == 0 ? 1 : 0;
    }
    return unchanged;
  }

  /** Median over the rows of the largest change of J, relative to its largest entry. */
  double jacobianChange(Answers other) {
    double[] changes = new double[rows()];
    for (int i = 0; i < changes.length; i++) {
      double largest = Agreement.largest(jacobians[i]);
      double change = Agreement.distance(jacobians[i], other.jacobians[i]);
      changes[i] = change == 0 ? 0 : change / largest;
    }
    java.util.Arrays.sort(changes);
    return changes.length == 0 ? 0 : changes[changes.length / 2];
  }
}
