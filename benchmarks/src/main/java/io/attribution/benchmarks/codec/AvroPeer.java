package io.attribution.benchmarks.codec;

import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.stream.serde.Schemas;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/** Avro's generic reader and writer; whatever can be used again is. */
final class AvroPeer {
  private static final int HEADER_BYTES = 5;

  private final SchemaIds ids;
  private final GenericDatumReader<GenericRecord> reader =
      new GenericDatumReader<>(Schemas.FEATURE_RECORD);
  private final GenericDatumWriter<GenericRecord> featureWriter =
      new GenericDatumWriter<>(Schemas.FEATURE_RECORD);
  private final GenericDatumWriter<GenericRecord> projectedWriter =
      new GenericDatumWriter<>(Schemas.PROJECTED_CONTRIBUTION);
  private final GenericDatumWriter<GenericRecord> reducedWriter =
      new GenericDatumWriter<>(Schemas.REDUCED_CONTRIBUTION);
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private @Nullable BinaryDecoder decoder;
  private @Nullable BinaryEncoder encoder;
  private @Nullable GenericRecord record;

  AvroPeer(SchemaIds ids) {
    this.ids = ids;
  }

  void decode(byte[] value, FloatMatrix batch) {
    try {
      decoder =
          DecoderFactory.get()
              .binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, decoder);
      record = reader.read(record, decoder);
      GenericRecords.copy(record, batch);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] encodeFeature(FloatMatrix features) {
    return encode(ids.feature(), featureWriter, GenericRecords.feature(features));
  }

  byte[] encodeProjected(Results results) {
    return encode(ids.projected(), projectedWriter, GenericRecords.projected(results));
  }

  byte[] encodeReduced(Results results) {
    return encode(ids.reduced(), reducedWriter, GenericRecords.reduced(results));
  }

  private byte[] encode(int id, GenericDatumWriter<GenericRecord> writer, GenericRecord value) {
    try {
      bytes.reset();
      bytes.write(ByteBuffer.allocate(HEADER_BYTES).put((byte) 0).putInt(id).array());
      encoder = EncoderFactory.get().binaryEncoder(bytes, encoder);
      writer.write(value, encoder);
      encoder.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a framed value says. */
  static GenericRecord read(Schema schema, byte[] value) {
    try {
      return new GenericDatumReader<GenericRecord>(schema)
          .read(
              null,
              DecoderFactory.get()
                  .binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
