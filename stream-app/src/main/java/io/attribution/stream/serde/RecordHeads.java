package io.attribution.stream.serde;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The common beginning of all records of one schema and one model: Confluent's header, then the
 * model. Encoded once per model. Safe for use by several threads.
 */
final class RecordHeads {
  /** Initial buffer for the fields that are not vectors: enough for most records. */
  private static final int TYPICAL_BYTES = 256;

  private final int schemaId;
  private final Map<ModelIdentity, byte[]> heads = new ConcurrentHashMap<>();

  RecordHeads(int schemaId) {
    this.schemaId = schemaId;
  }

  /** An output that starts with the head; the other fields follow. */
  AvroOutput begin(ModelIdentity model) {
    return new AvroOutput(TYPICAL_BYTES).writeRaw(heads.computeIfAbsent(model, this::encode));
  }

  private byte[] encode(ModelIdentity model) {
    AvroOutput out = new AvroOutput(TYPICAL_BYTES).writeRaw(ConfluentFrame.header(schemaId));
    return model.writeTo(out).toByteArray();
  }
}
