package io.attribution.engine.attribution;

import io.attribution.engine.matrix.FloatMatrix;

/** A way from raw features to attributions. Safe for use by several threads. */
interface Route extends AutoCloseable {

  /**
   * @param features x, (n, D), outside the Java heap
   * @param results n rows, to be filled
   * @throws RuntimeException when the engine refuses the batch
   */
  void attribute(FloatMatrix features, Attributions results);

  /** Whether a slower route has taken over because this one's results were wrong. */
  default boolean fellBack() {
    return false;
  }

  @Override
  void close();
}
