package io.attribution.stream.topology;

import io.attribution.stream.serde.ModelIdentity;
import io.attribution.stream.serde.Verified;
import java.util.Optional;

/**
 * A drained batch: its size, its trigger and how long each step took.
 *
 * @param rows explained and rejected ones
 * @param trigger why it was due
 * @param decodeNanos estimated time for decoding and checking the records since the last batch
 * @param explainNanos time in the engine, with the isolation of faulty rows
 * @param forwardNanos time to serialize and send the rows and to free their slots
 * @param verified the verification of its explained rows; empty when there are none
 */
public record DrainedBatch(
    ModelIdentity model,
    int rows,
    Trigger trigger,
    long decodeNanos,
    long explainNanos,
    long forwardNanos,
    Optional<Verified> verified) {

  /** Why a batch is drained. */
  public enum Trigger {
    FULL("full"),
    BYTES("bytes"),
    LINGER("linger");

    private final String label;

    Trigger(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }
}
