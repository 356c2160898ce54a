package io.attribution.serde;

import io.attribution.batch.FloatMatrix;
import io.attribution.reduction.Reduction;
import io.attribution.reduction.TopFeatures;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.kafka.common.serialization.Serializer;

/** Writes ReducedContribution; field for field in the order of the schema. */
public final class ReducedSerializer implements Serializer<Explained> {
  private final int schemaId;
  private final Reduction reduction;
  private final int topK;

  /**
   * @param reduction what the values are
   * @param topK how many features to keep; 0 for all
   */
  public ReducedSerializer(int schemaId, Reduction reduction, int topK) {
    this.schemaId = schemaId;
    this.reduction = reduction;
    this.topK = topK;
  }

  @Override
  public byte[] serialize(String topic, Explained record) {
    int features = record.model().features();
    AvroOutput out =
        ContributionFields.begin(schemaId, record, record.model().outputs() + features)
            .writeString(reduction.label());
    reduction.target().ifPresentOrElse(t -> out.writeLong(1).writeLong(t), () -> out.writeLong(0));
    out.writeLong(features);
    if (topK == 0) {
      FloatMatrix reduced = record.attributed().batch().reduced().orElseThrow();
      ContributionFields.row(out.writeLong(0), reduced, record);
    } else {
      writeTop(out, record.attributed().reduced());
    }
    return ContributionFields.end(out, record);
  }

  private void writeTop(AvroOutput out, float[] reduced) {
    int[] indices = TopFeatures.indices(reduced, topK);
    ByteBuffer values =
        ByteBuffer.allocate(indices.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int index : indices) {
      values.putFloat(reduced[index]);
    }
    out.writeLong(1).writeInts(indices).writeFloats(values.flip());
  }
}
