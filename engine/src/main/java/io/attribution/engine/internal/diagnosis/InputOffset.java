package io.attribution.engine.internal.diagnosis;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Whether the encoder is g(e − m) with an exact g: then z − J·e = −J·m, with one m for all e.
 * Different m may do the same (a first layer that narrows); so J·m is compared, never m.
 */
final class InputOffset {
  /** Beyond, the normal equations would take seconds. */
  static final int MAX_UNKNOWNS = 512;

  private static final double TRAINING_SHARE = 0.75;

  /** Equations for an unknown, so that a fit means something. */
  private static final double EQUATIONS_PER_UNKNOWN = 1.5;

  private final Answers answers;
  private final int width;
  private final int outputs;

  /**
   * @param answers at rows in all directions, with Jacobians; at least one
   */
  InputOffset(Answers answers) {
    this.answers = answers;
    this.width = answers.input(0).length;
    this.outputs = answers.output(0).length;
  }

  /** How many rows a fit needs. */
  static int rowsFor(int width, int outputs) {
    double equations = width * (EQUATIONS_PER_UNKNOWN + 0.5) / TRAINING_SHARE;
    return (int) Math.max(16, Math.min(2048, Math.ceil(equations / outputs)));
  }

  /**
   * An m is fitted to most rows and tried on the others: ‖z − J·e + J·m‖ / ‖z − J·e‖ there. Next to
   * 0 where there is such an m, about 1 where there is none; empty where there are too many
   * unknowns to tell.
   */
  OptionalDouble leftOver() {
    int training = (int) (TRAINING_SHARE * answers.rows());
    if (width > MAX_UNKNOWNS || training * outputs < EQUATIONS_PER_UNKNOWN * width) {
      return OptionalDouble.empty();
    }
    LeastSquares fit = new LeastSquares(width);
    for (int i = 0; i < training; i++) {
      for (int o = 0; o < outputs; o++) {
        fit.add(answers.jacobian(i), o * width, -answers.residual(i, o));
      }
    }
    return OptionalDouble.of(left(fit.solve(), training, false));
  }

  /**
   * The smallest distance of J·m from what an m would have to explain, over some candidates: ‖z −
   * J·e + J·m‖ relative to the larger of ‖z − J·e‖ and ‖J·m‖. 0 is a match; 1 and more is none.
   */
  double distanceFrom(List<double[]> candidates) {
    double nearest = Double.POSITIVE_INFINITY;
    for (double[] m : candidates) {
      nearest = Math.min(nearest, left(m, 0, true));
    }
    return nearest;
  }

  private double left(double[] m, int from, boolean symmetric) {
    double left = 0;
    double residuals = 0;
    double explained = 0;
    for (int i = from; i < answers.rows(); i++) {
      for (int o = 0; o < outputs; o++) {
        double moved = Vectors.dot(answers.jacobian(i), o * width, m);
        double residual = answers.residual(i, o);
        left += (residual + moved) * (residual + moved);
        residuals += residual * residual;
        explained += moved * moved;
      }
    }
    double reference = symmetric ? Math.max(residuals, explained) : residuals;
    return reference == 0 ? Double.POSITIVE_INFINITY : Math.sqrt(left / reference);
  }
}
