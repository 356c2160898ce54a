package io.attribution.stream.models;

import io.attribution.engine.attribution.Outcome;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.stream.pending.BatchPolicy;
import io.attribution.stream.serde.ModelIdentity;
import java.util.List;

/** One model as the stream sees it. Shared by all tasks; safe for use by several threads. */
public interface Explainer {

  ModelIdentity model();

  /** When a batch for this model is due; never more rows than the model's memory bound allows. */
  BatchPolicy policy();

  /**
   * Explains the rows of a batch.
   *
   * @param features (n, D), finite
   * @return n outcomes in order; their results are valid until the same thread explains again
   * @throws RuntimeException when the engine fails, not single rows
   */
  List<Outcome> explain(FloatMatrix features);
}
