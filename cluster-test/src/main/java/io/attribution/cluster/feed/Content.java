package io.attribution.cluster.feed;

import io.attribution.engine.attribution.Rejected.Reason;
import java.util.Optional;

/** What the value of a record is. */
public enum Content {
  /** A row of features. */
  GOOD(Optional.empty()),
  /** No value. */
  TOMBSTONE(Optional.of(Reason.TOMBSTONE)),
  /** Text instead of Avro. */
  TEXT(Optional.of(Reason.UNDECODABLE)),
  /** The last seven bytes are missing. */
  TRUNCATED(Optional.of(Reason.UNDECODABLE)),
  /** A schema id that the registry does not have. */
  UNKNOWN_SCHEMA(Optional.of(Reason.UNKNOWN_SCHEMA)),
  /** One feature too few. */
  SHORT(Optional.of(Reason.WRONG_LENGTH)),
  /** One feature is NaN. */
  NOT_A_NUMBER(Optional.of(Reason.NOT_FINITE));

  private final Optional<Reason> refusal;

  Content(Optional<Reason> refusal) {
    this.refusal = refusal;
  }

  /** The reason of its dead letter; absent where it is to be explained. */
  public Optional<Reason> refusal() {
    return refusal;
  }
}
