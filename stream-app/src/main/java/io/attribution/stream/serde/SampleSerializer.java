package io.attribution.stream.serde;

import io.attribution.engine.attribution.Attributed;
import io.attribution.engine.attribution.Attributions;
import io.attribution.engine.matrix.DoubleMatrix;
import io.attribution.engine.matrix.FloatMatrix;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serializer;

/** Writes AttributionSample; field for field in the order of the schema. */
public final class SampleSerializer implements Serializer<Sampled> {
  /** Larger contribution matrices are not part of a sample. */
  public static final int MAX_MATRIX_BYTES = 64 << 10;

  private final RecordHeads heads;

  public SampleSerializer(int schemaId) {
    this.heads = new RecordHeads(schemaId);
  }

  @Override
  public byte[] serialize(String topic, Sampled sampled) {
    Explained explained = sampled.explained();
    Attributed attributed = explained.attributed();
    Attributions batch = attributed.batch();
    int row = attributed.row();
    AvroOutput out = ContributionFields.begin(heads, explained);
    writeReconstruction(out, batch.reconstruction(), row);
    out.writeFloats(sampled.features(), 0);
    ContributionFields.reduction(out, sampled.reduction());
    out.writeFloats(batch.reduced().orElseThrow(), row);
    Optional<FloatMatrix> matrix = batch.contributions().filter(SampleSerializer::isSmall);
    if (matrix.isPresent()) {
      out.writeLong(1).writeFloats(matrix.get(), row);
    } else {
      out.writeLong(0);
    }
    return ContributionFields.end(out, explained);
  }

  private static void writeReconstruction(AvroOutput out, DoubleMatrix matrix, int row) {
    if (matrix.columns() > 0) {
      out.writeLong(matrix.columns());
      for (int i = 0; i < matrix.columns(); i++) {
        out.writeFloat((float) matrix.get(row, i));
      }
    }
    out.writeLong(0);
  }

  private static boolean isSmall(FloatMatrix contributions) {
    return (long) contributions.columns() * Float.BYTES <= MAX_MATRIX_BYTES;
  }
}
