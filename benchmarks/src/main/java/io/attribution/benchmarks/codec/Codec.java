package io.attribution.benchmarks.codec;

import io.attribution.engine.matrix.FloatMatrix;

/** Float vectors in and out of Avro's wire format: who is measured. */
interface Codec {
  /** A FeatureRecord's features to row 0 of a batch outside the Java heap. */
  void decode(byte[] value, FloatMatrix batch);

  /** The row of results as a ProjectedContribution. */
  byte[] encodeProjected();

  /** The row of results as a ReducedContribution. */
  byte[] encodeReduced();
}
