package io.attribution.stream.serde;

import io.attribution.engine.attribution.Rejected;
import io.attribution.engine.attribution.Rejected.Reason;
import io.attribution.stream.registry.RegistryException;
import org.jspecify.annotations.Nullable;

/**
 * From the value of an input record to its features. Bytes that cannot be read are a result, not an
 * exception; a registry that cannot be reached is an exception. Safe for use by several threads.
 */
public final class FeatureDecoder {
  private final WriterSchemas writers;

  public FeatureDecoder(WriterSchemas writers) {
    this.writers = writers;
  }

  /**
   * Decodes a value.
   *
   * @param value the record's value in Confluent's wire format; null for a tombstone
   * @throws RegistryException when the registry cannot be reached, or refuses
   */
  public Decoded decode(byte @Nullable [] value) {
    if (value == null) {
      return unreadable(Reason.TOMBSTONE, "the value is null; there is nothing to explain");
    }
    if (!ConfluentFrame.isFramed(value)) {
      return unreadable(
          Reason.UNDECODABLE,
          "the value does not start with Confluent's magic byte 0 and a schema id");
    }
    int schemaId = ConfluentFrame.schemaId(value);
    WriterSchema writer = writers.find(schemaId);
    if (writer instanceof WriterSchema.Unreadable unreadable) {
      return unreadable(unreadable.reason(), unreadable.detail());
    }
    try {
      return new Decoded.Row(((WriterSchema.Decodable) writer).read(value));
    } catch (MalformedAvroException e) {
      return unreadable(
          Reason.UNDECODABLE,
          "the value cannot be read as Avro of schema id " + schemaId + ": " + e.getMessage());
    }
  }

  private static Decoded unreadable(Reason reason, String detail) {
    return new Decoded.Unreadable(new Rejected(reason, detail));
  }
}
