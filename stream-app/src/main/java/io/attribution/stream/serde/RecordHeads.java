package io.attribution.stream.serde;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What all records of one schema and one model begin with: Confluent's header, then who made them.
 * Encoded once per model. Safe for use by several threads.
 */
final class RecordHeads {
  /** Room for the fields that are no vectors, in most records. */
  private static final int TYPICAL_BYTES = 256;

  private final int schemaId;
  private final Map<ModelIdentity, byte[]> heads = new ConcurrentHashMap<>();

  RecordHeads(int schemaId) {
    this.schemaId = schemaId;
  }

  /** An output that the record's other fields are to follow in. */
  AvroOutput begin(ModelIdentity model) {
    return new AvroOutput(TYPICAL_BYTES).writeRaw(heads.computeIfAbsent(model, this::encode));
  }

  private byte[] encode(ModelIdentity model) {
    AvroOutput out = new AvroOutput(TYPICAL_BYTES).writeRaw(ConfluentFrame.header(schemaId));
    return model.writeTo(out).toByteArray();
  }
}
