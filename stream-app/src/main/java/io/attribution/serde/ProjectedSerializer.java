package io.attribution.serde;

import io.attribution.batch.FloatMatrix;
import org.apache.kafka.common.serialization.Serializer;

/** Writes ProjectedContribution; field for field in the order of the schema. */
public final class ProjectedSerializer implements Serializer<Explained> {
  private final int schemaId;

  public ProjectedSerializer(int schemaId) {
    this.schemaId = schemaId;
  }

  @Override
  public byte[] serialize(String topic, Explained record) {
    int outputs = record.model().outputs();
    int features = record.model().features();
    AvroOutput out =
        ContributionFields.begin(schemaId, record, outputs * (features + 1))
            .writeLong(outputs)
            .writeLong(features);
    FloatMatrix contributions = record.attributed().batch().contributions().orElseThrow();
    return ContributionFields.end(ContributionFields.row(out, contributions, record), record);
  }
}
