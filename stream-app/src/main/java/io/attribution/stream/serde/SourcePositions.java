package io.attribution.stream.serde;

import io.attribution.drift.Origin;
import io.attribution.schema.SourcePosition;
import java.util.Optional;

/** SourcePositions of input records, as the topics hold them. */
public final class SourcePositions {
  private SourcePositions() {}

  public static Origin of(SourcePosition source) {
    return new Origin(source.getTopic(), source.getPartition(), source.getOffset());
  }

  /**
   * The source of an output: ProjectedContribution, ReducedContribution or AttributionSample, as
   * this application writes them. They begin alike: model, version, bundle, source.
   *
   * @return empty when the value is none of them
   */
  public static Optional<Origin> of(byte[] output) {
    AvroInput in = new AvroInput(output, ConfluentFrame.HEADER_BYTES);
    try {
      in.readString();
      in.readString();
      in.readString();
      return Optional.of(new Origin(in.readString(), (int) in.readLong(), in.readLong()));
    } catch (MalformedAvroException e) {
      return Optional.empty();
    }
  }

  /** Another record of the same partition. */
  public static Origin of(SourcePosition source, long offset) {
    return new Origin(source.getTopic(), source.getPartition(), offset);
  }
}
