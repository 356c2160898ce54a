package io.attribution.stream.serde;

import io.attribution.engine.verification.VerificationSummary;
import org.apache.kafka.common.serialization.Serializer;

/** Writes VerificationMetric; field for field in the order of the schema. */
public final class VerificationSerializer implements Serializer<Verified> {
  private final RecordHeads heads;

  public VerificationSerializer(int schemaId) {
    this.heads = new RecordHeads(schemaId);
  }

  @Override
  public byte[] serialize(String topic, Verified verified) {
    VerificationSummary summary = verified.summary();
    AvroOutput out = heads.begin(verified.model()).writeString(verified.model().engine());
    ContributionFields.origin(out, verified.first())
        .writeLong(verified.lastOffset())
        .writeLong(verified.firstTimestamp())
        .writeLong(verified.lastTimestamp());
    return SummaryFields.write(out, summary, verified.model().tolerance())
        .writeLong(verified.worstOffset())
        .writeDouble(verified.worstRelativeError())
        .writeLong(verified.inexact())
        .toByteArray();
  }
}
