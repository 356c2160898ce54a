package io.attribution.stream.topology;

import io.attribution.engine.attribution.Rejected.Reason;
import io.attribution.stream.serde.ModelIdentity;
import java.util.Optional;

/**
 * Hears what became of records, so that the flow need not know who measures. Called by stream
 * threads, several at a time: implementations are quick and do not throw.
 */
public interface BatchListener {
  /** Nobody listens. */
  BatchListener SILENT =
      new BatchListener() {
        @Override
        public void drained(DrainedBatch batch) {
          // Nobody listens.
        }

        @Override
        public void rejected(Optional<ModelIdentity> model, Reason reason) {
          // Nobody listens.
        }
      };

  /** A batch was explained and its outputs are forwarded; not yet committed. */
  void drained(DrainedBatch batch);

  /**
   * A record became a dead letter.
   *
   * @param model who could not explain it; empty when that was decided before a model was asked
   */
  void rejected(Optional<ModelIdentity> model, Reason reason);
}
