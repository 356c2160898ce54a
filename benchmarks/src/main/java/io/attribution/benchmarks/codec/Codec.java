package io.attribution.benchmarks.codec;

import io.attribution.drift.Origin;
import io.attribution.engine.attribution.Attributed;
import io.attribution.engine.attribution.Attributions;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.verification.VerificationSummary;
import io.attribution.stream.registry.Registry;
import io.attribution.stream.serde.Decoded;
import io.attribution.stream.serde.Explained;
import io.attribution.stream.serde.FeatureDecoder;
import io.attribution.stream.serde.ModelIdentity;
import io.attribution.stream.serde.ProjectedSerializer;
import io.attribution.stream.serde.ReducedSerializer;
import io.attribution.stream.serde.Schemas;
import io.attribution.stream.serde.WriterSchemas;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/** Float vectors in and out of Avro's wire format: what is measured, and the two peers. */
public interface Codec {
  /** A FeatureRecord's features to row 0 of a batch outside the Java heap. */
  void decode(byte[] value, FloatMatrix batch);

  /** The row of results as a ProjectedContribution. */
  byte[] encodeProjected();

  /** The row of results as a ReducedContribution. */
  byte[] encodeReduced();

  /** Avro's generic reader and writer; whatever can be used again is. */
  final class Avro implements Codec {
    private static final int HEADER_BYTES = 5;

    private final CodecData data;
    private final int projectedId;
    private final int reducedId;
    private final GenericDatumReader<GenericRecord> reader =
        new GenericDatumReader<>(Schemas.FEATURE_RECORD);
    private final GenericDatumWriter<GenericRecord> projectedWriter =
        new GenericDatumWriter<>(Schemas.PROJECTED_CONTRIBUTION);
    private final GenericDatumWriter<GenericRecord> reducedWriter =
        new GenericDatumWriter<>(Schemas.REDUCED_CONTRIBUTION);
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private @Nullable BinaryDecoder decoder;
    private @Nullable BinaryEncoder encoder;
    private @Nullable GenericRecord record;

    Avro(CodecData data) {
      this.data = data;
      this.projectedId = data.id(CodecData.PROJECTED);
      this.reducedId = data.id(CodecData.REDUCED);
    }

    @Override
    public void decode(byte[] value, FloatMatrix batch) {
      try {
        int length = value.length - HEADER_BYTES;
        decoder = DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, length, decoder);
        record = reader.read(record, decoder);
        CodecData.copy(record, batch);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The FeatureRecord that is decoded. */
    byte[] encodeFeature() {
      GenericDatumWriter<GenericRecord> writer = new GenericDatumWriter<>(Schemas.FEATURE_RECORD);
      return encode(data.id(CodecData.FEATURES), writer, data.featureRecord());
    }

    @Override
    public byte[] encodeProjected() {
      return encode(projectedId, projectedWriter, data.projectedRecord());
    }

    @Override
    public byte[] encodeReduced() {
      return encode(reducedId, reducedWriter, data.reducedRecord());
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

    /** Decodes a framed value. */
    public static GenericRecord read(Schema schema, byte[] value) {
      try {
        int length = value.length - HEADER_BYTES;
        return new GenericDatumReader<GenericRecord>(schema)
            .read(null, DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, length, null));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Confluent's serializer and deserializer with generic records. */
  final class Confluent implements Codec {
    private final CodecData data;
    private final KafkaAvroSerializer serializer;
    private final KafkaAvroDeserializer deserializer;

    Confluent(CodecData data) {
      this.data = data;
      Map<String, Object> config = Map.of("schema.registry.url", "mock://benchmark");
      this.serializer = new KafkaAvroSerializer(data.registry());
      serializer.configure(config, false);
      this.deserializer = new KafkaAvroDeserializer(data.registry());
      deserializer.configure(config, false);
    }

    @Override
    public void decode(byte[] value, FloatMatrix batch) {
      CodecData.copy((GenericRecord) deserializer.deserialize(CodecData.FEATURES, value), batch);
    }

    @Override
    public byte[] encodeProjected() {
      return serializer.serialize(CodecData.PROJECTED, data.projectedRecord());
    }

    @Override
    public byte[] encodeReduced() {
      return serializer.serialize(CodecData.REDUCED, data.reducedRecord());
    }
  }

  /** The application's codec: the only class here that knows its interfaces. */
  final class Own implements Codec {
    private final FeatureDecoder decoder;
    private final ProjectedSerializer projected;
    private final ReducedSerializer reduced;
    private final Explained explained;

    Own(CodecData data) {
      Registry registry = new Registry(data.registry(), Duration.ofSeconds(1));
      this.decoder = new FeatureDecoder(new WriterSchemas(registry, Clock.systemUTC()));
      this.projected = new ProjectedSerializer(data.id(CodecData.PROJECTED));
      this.reduced = new ReducedSerializer(data.id(CodecData.REDUCED), new Reduction.L2(), 0);
      this.explained = explained(data);
    }

    private static Explained explained(CodecData data) {
      FloatMatrix embedding = data.embedding();
      ModelIdentity model =
          new ModelIdentity(
              CodecData.MODEL,
              CodecData.VERSION,
              CodecData.FINGERPRINT,
              CodecData.TOLERANCE,
              "layers",
              ContributionMethod.JACOBIAN,
              embedding.columns(),
              data.reduced().columns());
      Attributions attributions =
          new Attributions(
              embedding, embedding, Optional.of(data.contributions()), Optional.of(data.reduced()));
      return new Explained(
          model,
          new Origin(CodecData.FEATURES, CodecData.PARTITION, CodecData.OFFSET),
          Optional.empty(),
          new Attributed(
              attributions, 0, VerificationSummary.ofRow(embedding.row(0), embedding.row(0))));
    }

    @Override
    public void decode(byte[] value, FloatMatrix batch) {
      if (!(decoder.decode(value) instanceof Decoded.Row row)) {
        throw new IllegalStateException("cannot decode what Avro wrote");
      }
      row.row().copyTo(batch, 0);
    }

    @Override
    public byte[] encodeProjected() {
      return projected.serialize(CodecData.FEATURES, explained);
    }

    @Override
    public byte[] encodeReduced() {
      return reduced.serialize(CodecData.FEATURES, explained);
    }
  }
}
