package io.attribution.serde;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Reads this application's own outputs as generic records of the schemas of this version, whatever
 * version wrote them. What cannot be read is nothing; a registry that cannot be asked throws. Not
 * for use by several threads.
 */
public final class GenericReader {
  private final Registry registry;
  private final Map<Integer, Optional<Schema>> writers = new ConcurrentHashMap<>();
  private @Nullable BinaryDecoder decoder;

  public GenericReader(Registry registry) {
    this.registry = registry;
  }

  /**
   * @param value in Confluent's wire format
   * @param reader the schema of the result
   * @throws RegistryException when the registry cannot be asked for the writer's schema
   */
  public Optional<GenericRecord> read(byte @Nullable [] value, Schema reader) {
    if (value == null || !ConfluentFrame.isFramed(value)) {
      return Optional.empty();
    }
    return writer(ConfluentFrame.schemaId(value)).flatMap(writer -> read(value, writer, reader));
  }

  private Optional<Schema> writer(int id) {
    Optional<Schema> known = writers.get(id);
    if (known != null) {
      return known;
    }
    Optional<Schema> asked =
        registry.schema(id) instanceof Registry.Lookup.Found found
            ? Optional.of(found.schema())
            : Optional.empty();
    // An id that is missing now may be there later.
    if (asked.isPresent()) {
      writers.put(id, asked);
    }
    return asked;
  }

  private Optional<GenericRecord> read(byte[] value, Schema writer, Schema reader) {
    int header = ConfluentFrame.HEADER_BYTES;
    decoder = DecoderFactory.get().binaryDecoder(value, header, value.length - header, decoder);
    try {
      return Optional.of(new GenericDatumReader<GenericRecord>(writer, reader).read(null, decoder));
    } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }
}
