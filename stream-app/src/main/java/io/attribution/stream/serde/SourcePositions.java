package io.attribution.stream.serde;

import io.attribution.drift.Origin;
import io.attribution.schema.SourcePosition;

/** SourcePositions of input records, as the topics hold them. */
public final class SourcePositions {
  private SourcePositions() {}

  public static Origin of(SourcePosition source) {
    return new Origin(source.getTopic(), source.getPartition(), source.getOffset());
  }

  /** Another record of the same partition. */
  public static Origin of(SourcePosition source, long offset) {
    return new Origin(source.getTopic(), source.getPartition(), offset);
  }
}
