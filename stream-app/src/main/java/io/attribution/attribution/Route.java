package io.attribution.attribution;

import io.attribution.batch.FloatMatrix;

/** A way from raw features to attributions. Safe for use by several threads. */
interface Route extends AutoCloseable {

  /**
   * @param features x, (n, D), outside the Java heap
   * @param results n rows, to be filled
   * @throws RuntimeException when the engine refuses the batch
   */
  void attribute(FloatMatrix features, Attributions results);

  @Override
  void close();
}
