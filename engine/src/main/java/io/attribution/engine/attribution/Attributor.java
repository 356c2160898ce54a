package io.attribution.engine.attribution;

import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.bundle.Tensor;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.method.ContributionMethod;
import java.util.Arrays;
import java.util.List;

/**
 * Explains the rows of one model: raw features in, attributions out. Everything between lives in
 * native memory that is freed when a call returns. n rows, D raw features, O outputs.
 *
 * <p>Safe for use by several threads at a time, each with result memory of its own. Close it after
 * the last call has returned, and before its model.
 */
public final class Attributor implements AutoCloseable {
  /** Bounds the largest array of results, (n, O, D) or (n, D), to this many bytes. */
  private static final long MAX_MATRIX_BYTES = 256L << 20;

  private final Route route;
  private final FaultIsolation isolation;
  private final ResultSelection selection;
  private final ContributionMethod method;
  private final int outputs;
  private final int features;

  /**
   * {@code AdmittedModel.attributor} makes one.
   *
   * @param selection which results the route computes
   * @param method how it computes them
   * @param categories the features that are indices, to be named where one is out of range
   * @param route closed with this
   */
  public Attributor(
      ModelBundle bundle,
      ResultSelection selection,
      ContributionMethod method,
      List<Integer> categories,
      Route route) {
    this.route = route;
    this.method = method;
    this.selection = selection;
    this.outputs = bundle.outputCount();
    this.features = bundle.featureCount();
    this.isolation =
        new FaultIsolation(
            route,
            goodRow(bundle),
            categories,
            new HiddenOverflow(route, bundle.preprocessing(), this::allocate));
  }

  /** The features' means, or ones: finite, and in the middle of what the encoder is made for. */
  private static FloatMatrix goodRow(ModelBundle bundle) {
    float[] ones = new float[bundle.featureCount()];
    Arrays.fill(ones, 1f);
    return FloatMatrix.of(bundle.preprocessing().mean().map(Tensor::values).orElse(ones));
  }

  /**
   * Explains a batch into memory of its own.
   *
   * @param x (n, D), at most {@link #maxRows} rows; finite, or the row is rejected
   * @return n outcomes in the order of the rows
   * @throws IllegalArgumentException when x has other than D columns
   * @throws RuntimeException when the engine fails for every row, good ones included
   */
  public List<Outcome> explain(FloatMatrix x) {
    return explain(x, allocate(x.rows()));
  }

  /**
   * Explains a batch into memory that is used again.
   *
   * @param x (n, D), at most {@link #maxRows} rows; finite, or the row is rejected
   * @param memory from {@link #newMemory}, this thread's own
   * @return n outcomes in the order of the rows; their numbers are overwritten when the memory is
   *     used again
   * @throws IllegalArgumentException when x has other than D columns
   * @throws RuntimeException when the engine fails for every row, good ones included
   */
  public List<Outcome> explain(FloatMatrix x, ResultMemory memory) {
    return explain(x, memory.of(x.rows()));
  }

  private List<Outcome> explain(FloatMatrix x, Attributions results) {
    requireColumns(x);
    return isolation.explain(x, results);
  }

  private void requireColumns(FloatMatrix x) {
    if (x.columns() != features && x.rows() > 0) {
      throw new IllegalArgumentException(
          "rows of " + x.columns() + " features; the model has " + features);
    }
  }

  /**
   * Computes a batch into memory of its own, without a check of single rows.
   *
   * @param x (n, D) with n at least 1, finite
   * @throws RuntimeException when the engine refuses the batch
   */
  public Attributions attribute(FloatMatrix x) {
    Attributions results = allocate(x.rows());
    attribute(x, results);
    return results;
  }

  /**
   * Computes a batch, without a check of single rows: {@link #explain} says what became of each.
   *
   * @param x (n, D) with n at least 1, finite
   * @param results memory for n rows from {@link #newMemory}, to be filled
   * @throws RuntimeException when the engine refuses the batch; the results are then undefined
   */
  public void attribute(FloatMatrix x, Attributions results) {
    requireColumns(x);
    route.attribute(x, results);
  }

  /** Whether the compiled encoder was found wrong, so that its layers now run one by one. */
  public boolean fellBack() {
    return route.fellBack();
  }

  /**
   * The most rows for one call, so that memory stays bounded for wide models, and time for methods
   * that compute many Jacobians of a row; at least 1.
   */
  public int maxRows() {
    long rowBytes = (long) Float.BYTES * features * (selection.contributions() ? outputs : 1);
    return (int) Math.max(1, Math.min(route.maxRows(), MAX_MATRIX_BYTES / rowBytes));
  }

  /** Memory for results that is used again and again, by one thread. */
  public ResultMemory newMemory() {
    return new ResultMemory(this::allocate);
  }

  private Attributions allocate(int rows) {
    return Attributions.allocate(rows, outputs, features, selection, method);
  }

  /** Frees the native memory; results in Java memory stay good. */
  @Override
  public void close() {
    route.close();
  }
}
