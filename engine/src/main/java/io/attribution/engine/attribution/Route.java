package io.attribution.engine.attribution;

import io.attribution.engine.matrix.FloatMatrix;

/**
 * A way to compute the attributions of a batch. {@code AdmittedModel} opens the one for its bundle;
 * a caller needs none of its own. Implementations are safe for use by several threads.
 */
public interface Route extends AutoCloseable {
  /**
   * Computes a batch.
   *
   * @param features x, (n, D), outside the Java heap
   * @param results memory for n rows, to be filled
   * @throws RuntimeException when the engine refuses the batch; the results are then undefined
   */
  void attribute(FloatMatrix features, Attributions results);

  /** The most rows that it computes in a time that a stream can wait for. */
  default int maxRows() {
    return Integer.MAX_VALUE;
  }

  /** Whether a slower route has taken over because this one's results were wrong. */
  default boolean fellBack() {
    return false;
  }

  @Override
  void close();
}
