package io.attribution.stream.serde;

import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.reduction.TopFeatures;
import java.nio.FloatBuffer;
import org.apache.kafka.common.serialization.Serializer;

/** Writes ReducedContribution; field for field in the order of the schema. */
public final class ReducedSerializer implements Serializer<Explained> {
  private final RecordHeads heads;
  private final Reduction reduction;
  private final int topK;

  /**
   * @param reduction what the values are
   * @param topK how many features to keep; 0 for all
   */
  public ReducedSerializer(int schemaId, Reduction reduction, int topK) {
    this.heads = new RecordHeads(schemaId);
    this.reduction = reduction;
    this.topK = topK;
  }

  @Override
  public byte[] serialize(String topic, Explained record) {
    FloatMatrix reduced = record.attributed().batch().reduced().orElseThrow();
    AvroOutput out = ContributionFields.begin(heads, record);
    ContributionFields.reduction(out, reduction).writeLong(record.model().features());
    if (topK == 0) {
      ContributionFields.row(out.writeLong(0), reduced, record);
    } else {
      top(out.writeLong(1), reduced.values(record.attributed().row()));
    }
    return ContributionFields.end(out, record);
  }

  private void top(AvroOutput out, FloatBuffer reduced) {
    int[] indices = TopFeatures.indices(reduced, topK);
    out.writeInts(indices).writeFloats(reduced, indices);
  }
}
