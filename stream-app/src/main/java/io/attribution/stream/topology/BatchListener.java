package io.attribution.stream.topology;

import io.attribution.engine.attribution.Rejected.Reason;
import io.attribution.stream.serde.ModelIdentity;
import java.util.Optional;

/**
 * Receives the outcome of every batch and every rejected record. Stream threads call it
 * concurrently: implementations return quickly and do not throw.
 */
public interface BatchListener {
  /** Does nothing. */
  BatchListener SILENT =
      new BatchListener() {
        @Override
        public void drained(DrainedBatch batch) {
          // Not needed.
        }

        @Override
        public void rejected(Optional<ModelIdentity> model, Reason reason) {
          // Not needed.
        }
      };

  /** A batch was explained and forwarded; its outputs are not committed yet. */
  void drained(DrainedBatch batch);

  /**
   * A record became a dead letter.
   *
   * @param model the model that could not explain it; empty when the record was rejected before it
   *     reached one
   */
  void rejected(Optional<ModelIdentity> model, Reason reason);
}
