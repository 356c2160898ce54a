package io.attribution.stream.serde;

import io.attribution.engine.attribution.Rejected.Reason;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
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
    boolean compatible =
        SchemaCompatibility.checkReaderWriterCompatibility(Schemas.FEATURE_RECORD, schema).getType()
            == SchemaCompatibilityType.COMPATIBLE;
    return compatible
        ? new Resolved(schema)
        : new Unreadable(
            Reason.INCOMPATIBLE_SCHEMA,
            "schema id " + id + " is " + schema.getFullName() + ", which is no FeatureRecord");
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

  /** Written with an older or newer schema: read by Avro's own resolution. */
  record Resolved(Schema writer) implements Decodable {
    /**
     * Avro refuses a float array unless four bytes are there for every item, also where the
     * writer's whole numbers took one: it gets as many bytes more, and must leave exactly these.
     */
    private static final int PADDING = Float.BYTES - 1;

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
            new GenericDatumReader<GenericRecord>(writer, Schemas.FEATURE_RECORD)
                .read(null, decoder);
        requireEnd(decoder.remainingBytes() - PADDING * length);
        return new FeatureRow(
            floats((List<?>) record.get("features")),
            text(record.get("model")),
            text(record.get("recordId")));
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

    /** Encoded again, as this version's schema would have it. */
    private static EncodedFloats floats(List<?> values) {
      AvroOutput out = new AvroOutput(Float.BYTES * values.size());
      if (!values.isEmpty()) {
        out.writeLong(values.size());
        values.forEach(value -> out.writeFloat((Float) value));
      }
      return new AvroInput(out.writeLong(0).toByteArray(), 0).readFloats();
    }

    private static Optional<String> text(@Nullable Object value) {
      return Optional.ofNullable(value).map(Object::toString);
    }
  }
}
