package io.attribution.engine.internal.diagnosis;

import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.matrix.FloatMatrix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What an encoder does at rows of our choosing. Bounded: some hundred rows, at most about 64 MiB of
 * Jacobians. Expensive parts are computed when a rule reads them: other sizes of inputs, the fit of
 * a constant input.
 */
final class Evidence {
  private static final int ROWS = 32;
  private static final int MIN_ROWS = 4;
  private static final long JACOBIAN_BYTES = 64L << 20;

  /** Curvature shows in J, and no more than a kink or so lies between. */
  private static final double STEP = 1e-4;

  /** Some 16 units in the last place of float32, and nothing to a 16-bit format. */
  private static final double TINY_STEP = 1e-6;

  private final EncoderCode code;
  private final EncoderInputs inputs;
  private final ProbedEncoder encoder;
  private final int width;
  private final int outputs;
  private final Answers typical;
  private final Answers moved;
  private final Answers nudged;
  private final Answers zero;
  private final Map<Double, Answers> scaled = new HashMap<>();
  private final List<InputOffset> offset = new ArrayList<>(1);

  /**
   * @param rows raw feature rows, (n, D)
   * @throws RuntimeException when the engine refuses ordinary rows
   */
  Evidence(ModelBundle bundle, JacobianEngine engine, EncoderCode code, FloatMatrix rows) {
    this.code = code;
    this.inputs = new EncoderInputs(bundle, rows);
    this.width = bundle.inputSize();
    this.outputs = bundle.outputCount();
    this.encoder = new ProbedEncoder(engine, rowBytes());
    float[][] e = inputs.typical((int) Math.max(MIN_ROWS, Math.min(ROWS, affordableRows() / 2)));
    this.typical = encoder.linearize(e);
    this.moved = encoder.linearize(inputs.moved(e, STEP));
    this.nudged = encoder.reconstruct(inputs.moved(e, TINY_STEP));
    this.zero = encoder.reconstruct(new float[1][width]);
    this.scaled.put(1.0, typical);
  }

  private long rowBytes() {
    return (long) Float.BYTES * outputs * width;
  }

  private long affordableRows() {
    return JACOBIAN_BYTES / rowBytes();
  }

  EncoderCode code() {
    return code;
  }

  /** Recent rows, and rows of their size in all directions; with Jacobians. */
  Answers typical() {
    return typical;
  }

  /** The typical rows, multiplied. */
  Answers scaled(double scale) {
    return scaled.computeIfAbsent(scale, factor -> atScale(typical.rows(), factor));
  }

  /** max |z − J·e| / max |z| at the typical rows. */
  double error() {
    return typical.error();
  }

  double error(double scale) {
    return scaled(scale).error();
  }

  /** ‖J·e‖ / ‖z‖ at the typical rows, multiplied. */
  double share(double scale) {
    return scaled(scale).share();
  }

  /** max |f(0)|. */
  double atZero() {
    return zero.magnitude();
  }

  /** max |f(0)| relative to the typical outputs. */
  double relativeAtZero() {
    return atZero() == 0 ? 0 : atZero() / typical.magnitude();
  }

  /** How much the outputs differ between two multiples of the same rows. */
  double change(double scale, double otherScale) {
    return scaled(scale).distance(scaled(otherScale));
  }

  /** Whether J stays as it is next to a typical row: the encoder is piecewise linear there. */
  double jacobianChange() {
    return typical.jacobianChange(moved);
  }

  /** The share of typical rows whose outputs do not notice a step that float32 would notice. */
  double plateaus() {
    return (double) typical.unchanged(nudged) / typical.rows();
  }

  /** Answers at a few typical rows, multiplied; without Jacobians. */
  Answers atScale(int rows, double scale) {
    float[][] some = new float[Math.min(rows, typical.rows())][];
    for (int i = 0; i < some.length; i++) {
      some[i] = typical.input(i);
    }
    return encoder.reconstruct(Vectors.scaled(some, scale));
  }

  /** See {@link InputOffset#leftOver}. */
  OptionalDouble leftOverOfOffset() {
    return offset().leftOver();
  }

  /** How far the error is from that of an encoder which subtracts the mean of recent rows. */
  double distanceFromRecentMean() {
    return inputs.hasRecent()
        ? offset().distanceFrom(List.of(inputs.recentMean()))
        : Double.POSITIVE_INFINITY;
  }

  /** How far the error is from that of an encoder which subtracts the bundle's mean. */
  double distanceFromBundleMean() {
    return offset().distanceFrom(inputs.meansOfPreprocessing());
  }

  /** Whether there are rows enough to say that an offset is not their mean. */
  boolean knowsRecentMean() {
    return !inputs.hasFew();
  }

  boolean hasMeans() {
    return inputs.hasRecent() || !inputs.meansOfPreprocessing().isEmpty();
  }

  private InputOffset offset() {
    if (offset.isEmpty()) {
      int wanted = width > InputOffset.MAX_UNKNOWNS ? ROWS : InputOffset.rowsFor(width, outputs);
      int rows = (int) Math.max(MIN_ROWS, Math.min(wanted, affordableRows()));
      offset.add(new InputOffset(encoder.linearize(inputs.wide(rows))));
    }
    return offset.get(0);
  }
}
