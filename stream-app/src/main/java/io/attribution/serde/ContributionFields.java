package io.attribution.serde;

import io.attribution.batch.FloatMatrix;
import io.attribution.batch.Origin;

/** The fields that both kinds of contribution records begin and end with. */
final class ContributionFields {
  /** Room for the fields that are no vectors. */
  private static final int FIXED_BYTES = 384;

  private ContributionFields() {}

  static AvroOutput begin(int schemaId, Explained record, int floats) {
    AvroOutput out = new AvroOutput(FIXED_BYTES + Float.BYTES * floats);
    out.writeRaw(ConfluentFrame.header(schemaId));
    record.model().writeTo(out);
    origin(out, record.origin()).writeOptionalString(record.recordId());
    return row(out, record.attributed().batch().embedding(), record);
  }

  static AvroOutput row(AvroOutput out, FloatMatrix matrix, Explained record) {
    return out.writeFloats(matrix.bytes(record.attributed().row(), 1));
  }

  static AvroOutput origin(AvroOutput out, Origin origin) {
    return out.writeString(origin.topic()).writeLong(origin.partition()).writeLong(origin.offset());
  }

  static byte[] end(AvroOutput out, Explained record) {
    double tolerance = record.model().tolerance();
    return out.writeDouble(record.relativeError())
        .writeDouble(tolerance)
        .writeBoolean(record.relativeError() <= tolerance)
        .toByteArray();
  }
}
