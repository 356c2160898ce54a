package io.attribution.engine.attribution;

import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.jacobian.JacobianEngine;
import io.attribution.engine.jacobian.LayersEngine;
import io.attribution.engine.jacobian.LayerwiseEngine;
import io.attribution.engine.matrix.FloatMatrix;
import java.util.Optional;

/**
 * Steps 1 to 6 for one batch: raw features in, attributions out. Everything between lives in native
 * memory that is gone when the call returns. Safe for use by several threads.
 */
public final class Attributor implements AutoCloseable {
  /** Bounds the largest array of results, (n, O, D) or (n, D), to this many bytes. */
  private static final long MAX_MATRIX_BYTES = 256L << 20;

  private final Route route;

  /** The layers one by one, where they are computed as well. */
  private Optional<LayerwiseEngine> slowEngine = Optional.empty();

  private final Wanted wanted;
  private final int outputs;
  private final int features;

  /**
   * @param engine the encoder; stays the caller's to close
   * @param wanted which results leave native memory
   */
  public Attributor(ModelBundle bundle, JacobianEngine engine, Wanted wanted) {
    this(bundle, engine, wanted, 0);
  }

  /**
   * @param engine the encoder; stays the caller's to close
   * @param wanted which results leave native memory
   * @param checkInterval a compiled encoder is compared with its layers one by one every so many
   *     batches; 0 for never
   */
  public Attributor(ModelBundle bundle, JacobianEngine engine, Wanted wanted, int checkInterval) {
    this.wanted = wanted;
    this.outputs = bundle.outputCount();
    this.features = bundle.featureCount();
    this.route = route(bundle, engine, checkInterval);
  }

  private Route route(ModelBundle bundle, JacobianEngine engine, int checkInterval) {
    if (!(engine instanceof LayersEngine layers)) {
      return new SteppedRoute(bundle, engine, wanted);
    }
    Route fast = new CompiledRoute(layers, wanted, outputs, features);
    if (checkInterval == 0) {
      return fast;
    }
    LayerwiseEngine layerwise =
        new LayerwiseEngine(bundle.layers().orElseThrow(), bundle.inputShape(), engine.device());
    slowEngine = Optional.of(layerwise);
    Route slow = new SteppedRoute(bundle, layerwise, wanted);
    return new GuardedRoute(
        fast, slow, new RowComparison(fast, slow, this::allocate), checkInterval);
  }

  /** Whether the compiled encoder was found wrong, and its layers are computed one by one. */
  public boolean fellBack() {
    return route.fellBack();
  }

  /** The most rows that one call should get, so that memory stays bounded for wide models. */
  public int maxRows() {
    long rowBytes = (long) Float.BYTES * features * (wanted.contributions() ? outputs : 1);
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, MAX_MATRIX_BYTES / rowBytes));
  }

  /** Room for results that is used again and again. */
  public ResultMemory newMemory() {
    return new ResultMemory(this::allocate);
  }

  private Attributions allocate(int rows) {
    return Attributions.allocate(rows, outputs, features, wanted);
  }

  /**
   * Attributes a batch into memory of its own.
   *
   * @param x (n, D) with n at least 1, finite, outside the Java heap
   * @throws RuntimeException when the engine refuses the batch
   */
  public Attributions attribute(FloatMatrix x) {
    Attributions results = allocate(x.rows());
    attribute(x, results);
    return results;
  }

  /**
   * Attributes a batch.
   *
   * @param x (n, D) with n at least 1, finite, outside the Java heap
   * @param results n rows from {@link #newMemory}, to be filled
   * @throws RuntimeException when the engine refuses the batch; the results are then undefined
   */
  public void attribute(FloatMatrix x, Attributions results) {
    route.attribute(x, results);
  }

  @Override
  public void close() {
    route.close();
    slowEngine.ifPresent(LayerwiseEngine::close);
  }
}
