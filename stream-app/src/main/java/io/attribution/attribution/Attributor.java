package io.attribution.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.attribution.batch.FloatMatrix;
import io.attribution.bundle.ModelBundle;
import io.attribution.jacobian.JacobianEngine;
import io.attribution.jacobian.Linearization;
import io.attribution.jacobian.PyTorch;
import io.attribution.projection.FeatureProjection;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Steps 1 to 6 for one batch: raw features in, attributions out. Everything between lives in one
 * native scope that is gone when the call returns. Safe for use by several threads.
 */
public final class Attributor implements AutoCloseable {
  /** Bounds the largest native array, (n, O, D) or (n, O, K), to this many bytes. */
  private static final long MAX_MATRIX_BYTES = 256L << 20;

  private final NDManager memory = PyTorch.newScope();
  private final JacobianEngine engine;
  private final FeatureProjection projection;
  private final Wanted wanted;
  private final int maxRows;

  /**
   * @param engine the encoder; stays the caller's to close
   * @param wanted which results leave native memory
   */
  public Attributor(ModelBundle bundle, JacobianEngine engine, Wanted wanted) {
    this.engine = engine;
    this.wanted = wanted;
    this.projection = new FeatureProjection(bundle.preprocessing());
    long rowBytes =
        (long) Float.BYTES
            * bundle.outputCount()
            * Math.max(bundle.featureCount(), bundle.inputSize());
    this.maxRows = (int) Math.max(1, Math.min(Integer.MAX_VALUE, MAX_MATRIX_BYTES / rowBytes));
  }

  /** The most rows that one call should get, so that memory stays bounded for wide models. */
  public int maxRows() {
    return maxRows;
  }

  /**
   * @param features x, (n, D) with n at least 1, finite, outside the Java heap
   * @throws RuntimeException when the engine refuses the batch
   */
  public Attributions attribute(FloatMatrix features) {
    try (NDManager scope = memory.newSubManager()) {
      NDArray x = array(scope, features);
      NDArray standardized = projection.standardize(x);
      NDArray inputs = projection.encoderInputs(standardized);
      Linearization f = engine.linearize(inputs);
      NDArray reconstruction = f.reconstruct(inputs);
      Optional<NDArray> contributions =
          wanted.any()
              ? Optional.of(
                  FeatureProjection.contributions(projection.project(f.jacobian()), standardized))
              : Optional.empty();
      return new Attributions(
          matrix(f.outputs()),
          matrix(reconstruction),
          contributions.filter(c -> wanted.contributions()).map(Attributor::matrix),
          contributions.flatMap(c -> wanted.reduction().map(r -> matrix(r.apply(c)))));
    }
  }

  private static NDArray array(NDManager scope, FloatMatrix matrix) {
    return scope.create(
        matrix.bytes(0, matrix.rows()),
        new Shape(matrix.rows(), matrix.columns()),
        DataType.FLOAT32);
  }

  /** A copy in Java memory, (n, everything else). */
  private static FloatMatrix matrix(NDArray array) {
    ByteBuffer bytes = array.toByteBuffer();
    int rows = (int) array.getShape().get(0);
    return FloatMatrix.wrap(bytes, rows, bytes.capacity() / Float.BYTES / rows);
  }

  @Override
  public void close() {
    projection.close();
    memory.close();
  }
}
