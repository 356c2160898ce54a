package io.attribution.stream.ondemand;

import io.attribution.engine.attribution.Rejected;

/** The outcome of one row of a request. */
public sealed interface RowOutcome permits Explanation, RowOutcome.Refused {

  /** The row cannot be explained, by the same rules as in the stream. */
  record Refused(Rejected rejected) implements RowOutcome {}
}
