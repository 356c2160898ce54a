package io.attribution.stream.serde;

import io.attribution.engine.matrix.FloatMatrix;
import org.apache.kafka.common.serialization.Serializer;

/** Writes ProjectedContribution; field for field in the order of the schema. */
public final class ProjectedSerializer implements Serializer<Explained> {
  private final RecordHeads heads;

  public ProjectedSerializer(int schemaId) {
    this.heads = new RecordHeads(schemaId);
  }

  @Override
  public byte[] serialize(String topic, Explained record) {
    AvroOutput out =
        ContributionFields.begin(heads, record)
            .writeLong(record.model().outputs())
            .writeLong(record.model().features());
    FloatMatrix contributions = record.attributed().batch().contributions().orElseThrow();
    return ContributionFields.end(ContributionFields.row(out, contributions, record), record);
  }
}
