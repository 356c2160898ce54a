package io.attribution.stream.serde;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of one schema in Confluent's wire format, whatever compatible schema they were
 * written with. For topics with few records. Safe for use by several threads.
 */
public final class RecordReader {
  private final Registry registry;
  private final Schema schema;
  private final Map<Integer, Optional<Schema>> writers = new ConcurrentHashMap<>();

  /**
   * @param schema what records are read as
   */
  public RecordReader(Registry registry, Schema schema) {
    this.registry = registry;
    this.schema = schema;
  }

  /**
   * @return the record; nothing when it is none of this schema
   * @throws RegistryException when the registry cannot be asked about its schema
   */
  public Optional<GenericRecord> read(byte @Nullable [] value) {
    if (value == null || !ConfluentFrame.isFramed(value)) {
      return Optional.empty();
    }
    return writer(ConfluentFrame.schemaId(value)).flatMap(writer -> read(value, writer));
  }

  private Optional<Schema> writer(int id) {
    Optional<Schema> known = writers.get(id);
    if (known != null) {
      return known;
    }
    // An id that nobody knows is not remembered: it may be one of tomorrow.
    Optional<Schema> found =
        registry.schema(id) instanceof Registry.Lookup.Found schemaFound
            ? Optional.of(schemaFound.schema())
            : Optional.empty();
    if (found.isPresent()) {
      writers.put(id, found);
    }
    return found;
  }

  private Optional<GenericRecord> read(byte[] value, Schema writer) {
    int start = ConfluentFrame.HEADER_BYTES;
    try {
      return Optional.of(
          new GenericDatumReader<GenericRecord>(writer, schema)
              .read(
                  null,
                  DecoderFactory.get().binaryDecoder(value, start, value.length - start, null)));
    } catch (IOException | RuntimeException e) {
      // Avro throws what it happens to run into: indices, sizes, casts.
      return Optional.empty();
    }
  }
}
