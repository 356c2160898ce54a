package io.attribution.stream.serde;

import io.attribution.stream.registry.Registry;
import io.attribution.stream.registry.RegistryException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of one schema in Confluent's wire format, whatever compatible schema they were
 * written with. For topics with few records. Safe for use by several threads.
 *
 * @param <T> the class that is generated from the schema
 */
public final class RecordReader<T extends SpecificRecord> {
  static {
    Schemas.limitCollections();
  }

  private final Registry registry;
  private final GeneratedRecords classes;
  private final Schema schema;

  /** By schema id. */
  private final Map<Integer, DatumReader<T>> readers = new ConcurrentHashMap<>();

  /**
   * @param type what records are read as
   */
  public RecordReader(Registry registry, Class<T> type) {
    this.registry = registry;
    this.classes = new GeneratedRecords(type);
    this.schema = classes.getSchema(type);
  }

  /**
   * @return the record; empty when the value is no record of this schema
   * @throws RegistryException when the registry cannot be reached, or refuses
   */
  public Optional<T> read(byte @Nullable [] value) {
    if (value == null || !ConfluentFrame.isFramed(value)) {
      return Optional.empty();
    }
    return reader(ConfluentFrame.schemaId(value)).flatMap(reader -> read(value, reader));
  }

  /** An unknown id is not remembered: its schema may be registered later. */
  private Optional<DatumReader<T>> reader(int id) {
    DatumReader<T> known = readers.get(id);
    if (known != null) {
      return Optional.of(known);
    }
    return registry.schema(id) instanceof Registry.Lookup.Found found
        ? Optional.of(
            readers.computeIfAbsent(
                id, i -> new SpecificDatumReader<>(found.schema(), schema, classes)))
        : Optional.empty();
  }

  private Optional<T> read(byte[] value, DatumReader<T> reader) {
    int start = ConfluentFrame.HEADER_BYTES;
    try {
      return Optional.of(
          reader.read(
              null, DecoderFactory.get().binaryDecoder(value, start, value.length - start, null)));
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // Damaged bytes make Avro throw exceptions of many kinds; nested fields can exhaust the
      // stack.
      return Optional.empty();
    }
  }
}
