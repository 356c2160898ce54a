package io.attribution.stream.serde;

import io.attribution.engine.attribution.Rejected.Reason;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/** How records of one schema id are read as FeatureRecords. */
sealed interface WriterSchema {

  /**
   * @param id the schema's id in the registry
   * @param schema what the records were written with
   */
  static WriterSchema of(int id, Schema schema) {
    if (SchemaNormalization.toParsingForm(schema)
        .equals(SchemaNormalization.toParsingForm(Schemas.FEATURE_RECORD))) {
      return new Current();
    }
    Optional<Schema> reader = ReaderSchema.of(schema);
    Optional<String> fault =
        reader.isPresent()
            ? ReaderSchema.incompatibility(reader.get(), schema)
            : Optional.of("it is no record");
    return fault.isEmpty()
        ? new Resolved(schema, reader.get())
        : new Unreadable(
            Reason.INCOMPATIBLE_SCHEMA,
            "schema id %d, %s, cannot be read as a FeatureRecord: %s"
                .formatted(id, schema.getFullName(), fault.get()));
  }

  /** Records of this schema cannot be read, with the reason why. */
  record Unreadable(Reason reason, String detail) implements WriterSchema {}

  /** Records of this schema can be read. */
  sealed interface Decodable extends WriterSchema {
    /** Throws MalformedAvroException when the value is not what its schema says. */
    FeatureRow read(byte[] value);
  }

  /** Written with the schema that this version has: read without Avro's machinery. */
  record Current() implements Decodable {
    @Override
    public FeatureRow read(byte[] value) {
      AvroInput input = new AvroInput(value, ConfluentFrame.HEADER_BYTES);
      FeatureRow row =
          new FeatureRow(
              input.readFloats(), input.readOptionalString(), input.readOptionalString());
      input.requireEnd();
      return row;
    }
  }

  /**
   * Written with another schema: read by Avro's own resolution.
   *
   * @param reader a FeatureRecord as {@link ReaderSchema} makes it
   */
  record Resolved(Schema writer, Schema reader) implements Decodable {
    /**
     * Avro refuses an array unless the bytes of a float or a double are there for every item, also
     * where the writer's whole numbers took one: it gets as many bytes more, and must leave exactly
     * these.
     */
    private static final int PADDING = Double.BYTES - 1;

    @Override
    public FeatureRow read(byte[] value) {
      int length = value.length - ConfluentFrame.HEADER_BYTES;
      byte[] padded = Arrays.copyOf(value, value.length + PADDING * length);
      BinaryDecoder decoder =
          DecoderFactory.get()
              .binaryDecoder(
                  padded,
                  ConfluentFrame.HEADER_BYTES,
                  padded.length - ConfluentFrame.HEADER_BYTES,
                  null);
      try {
        GenericRecord record =
            notNull(
                new GenericDatumReader<GenericRecord>(writer, reader).read(null, decoder),
                "the record");
        requireEnd(decoder.remainingBytes() - PADDING * length);
        return new FeatureRow(
            floats(notNull((List<?>) record.get("features"), "features")),
            text(record.get("model")),
            text(record.get("recordId")));
      } catch (MalformedAvroException e) {
        throw e;
      } catch (IOException | RuntimeException e) {
        // Damaged bytes make Avro throw exceptions of many kinds.
        throw new MalformedAvroException(String.valueOf(e.getMessage()));
      } catch (StackOverflowError e) {
        // A writer's own fields may nest, and few bytes may claim a depth without end.
        throw new MalformedAvroException("the value is nested too deeply");
      }
    }

    private static void requireEnd(int left) {
      if (left != 0) {
        throw new MalformedAvroException(
            left > 0 ? "bytes follow the record" : "the value ends within the record");
      }
    }

    private static <T> T notNull(@Nullable T value, String name) {
      if (value == null) {
        throw new MalformedAvroException(name + " is null");
      }
      return value;
    }

    /** Encoded again, as this version's schema would have it; doubles are rounded to floats. */
    private static EncodedFloats floats(List<?> values) {
      AvroOutput out = new AvroOutput(Float.BYTES * values.size());
      if (!values.isEmpty()) {
        out.writeLong(values.size());
        for (int i = 0; i < values.size(); i++) {
          if (!(values.get(i) instanceof Number number)) {
            throw new MalformedAvroException("features[" + i + "] is null");
          }
          out.writeFloat(number.floatValue());
        }
      }
      return new AvroInput(out.writeLong(0).toByteArray(), 0).readFloats();
    }

    private static Optional<String> text(@Nullable Object value) {
      return Optional.ofNullable(value).map(Object::toString);
    }
  }
}
