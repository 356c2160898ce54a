package io.attribution.stream.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.attribution.engine.attribution.Rejected;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.stream.registry.Registry;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Whatever Avro's writer writes is read, bit for bit; whatever else comes is an answer. */
class FeatureDecoderProperties {
  private static final Schema FLOATS_ONLY = featuresOf(Schema.Type.FLOAT);
  private static final Schema WHOLE_NUMBERS = featuresOf(Schema.Type.INT);

  /** Loading classes takes some; what damaged bytes claim goes up to gigabytes. */
  private static final long MAX_RESERVED = 8 << 20;

  private final SchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final FeatureDecoder decoder =
      new FeatureDecoder(
          new WriterSchemas(new Registry(registry, Duration.ZERO), Clock.systemUTC()));

  @Property(tries = 300)
  void readsWhatAvroWritesInOneBlock(
      @ForAll("vectors") float[] features,
      @ForAll("texts") Optional<String> model,
      @ForAll("texts") Optional<String> recordId)
      throws IOException {
    ByteArrayOutputStream bytes = framed(Schemas.FEATURE_RECORD);
    write(EncoderFactory.get().binaryEncoder(bytes, null), features, model, recordId);

    assertReads(bytes.toByteArray(), features, model, recordId);
  }

  @Property(tries = 300)
  void readsWhatAvroWritesInSizedBlocks(
      @ForAll("vectors") float[] features,
      @ForAll @IntRange(min = 64, max = 300) int blockSize,
      @ForAll("texts") Optional<String> recordId)
      throws IOException {
    ByteArrayOutputStream bytes = framed(Schemas.FEATURE_RECORD);
    BinaryEncoder blocking =
        new EncoderFactory().configureBlockSize(blockSize).blockingBinaryEncoder(bytes, null);
    write(blocking, features, Optional.empty(), recordId);

    assertReads(bytes.toByteArray(), features, Optional.empty(), recordId);
  }

  /** Avro's blocking encoder chooses its blocks; the specification allows any. */
  @Property(tries = 300)
  void readsAnySplitIntoBlocks(@ForAll("vectors") float[] features, @ForAll Random random)
      throws IOException {
    byte[] value = inBlocks(features, random);

    assertReads(value, features, Optional.of("encoder"), Optional.empty());
  }

  @Property(tries = 300)
  void findsTheFirstFeatureThatIsNotFinite(
      @ForAll("vectors") float[] features, @ForAll Random random) throws IOException {
    FeatureRow row = read(inBlocks(features, random));

    assertThat(row.firstNotFinite()).isEqualTo(firstNotFinite(features));
  }

  @Property(tries = 300)
  void tellsEveryFeature(@ForAll("vectors") float[] features, @ForAll Random random)
      throws IOException {
    FeatureRow row = read(inBlocks(features, random));

    float[] told = new float[row.length()];
    for (int i = 0; i < told.length; i++) {
      told[i] = row.feature(i);
    }
    assertThat(bits(told)).isEqualTo(bits(features));
    assertThatThrownBy(() -> row.feature(features.length))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Property(tries = 100)
  void copiesToARowOfTheSameLengthOnly(@ForAll("vectors") float[] features) throws IOException {
    FeatureRow row = read(inBlocks(features, new Random(1)));

    for (int columns : new int[] {features.length - 1, features.length + 1}) {
      if (columns >= 0) {
        FloatMatrix matrix = FloatMatrix.allocateDirect(3, columns);
        assertThatThrownBy(() -> row.copyTo(matrix, 1))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  /** Whole numbers take fewer bytes than the floats that Avro promotes them to. */
  @Property(tries = 300)
  void readsWholeNumbersAsFeatures(@ForAll @Size(max = 300) List<Integer> features)
      throws IOException {
    float[] expected = new float[features.size()];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = features.get(i);
    }

    byte[] value = write(WHOLE_NUMBERS, features);

    assertReads(value, expected, Optional.empty(), Optional.empty());
    assertUnreadable(Arrays.copyOf(value, value.length + 1));
  }

  @Property(tries = 300)
  void readsWhatAnOlderWriterWrote(@ForAll("vectors") float[] features) throws IOException {
    byte[] value = write(FLOATS_ONLY, boxed(features));

    assertReads(value, features, Optional.empty(), Optional.empty());
  }

  @Property(tries = 1000)
  void garbageIsAnAnswerAndTakesNoMemory(@ForAll @Size(max = 80) byte[] garbage)
      throws IOException {
    for (Schema writer : List.of(Schemas.FEATURE_RECORD, FLOATS_ONLY, WHOLE_NUMBERS)) {
      ByteArrayOutputStream value = framed(writer);
      value.writeBytes(garbage);
      assertAnswers(value.toByteArray());
    }
  }

  /** Random bytes seldom look like a record; these do, nearly. */
  @Property(tries = 500)
  void damageIsAnAnswerAndTakesNoMemory(
      @ForAll @Size(max = 40) float[] features, @ForAll Random random) throws IOException {
    for (byte[] whole :
        List.of(
            inBlocks(features, random),
            write(FLOATS_ONLY, boxed(features)),
            write(WHOLE_NUMBERS, List.of(1, 300, -70_000)))) {
      byte[] value = whole.clone();
      for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
        int at = ConfluentFrame.HEADER_BYTES;
        value[at + random.nextInt(value.length - at)] = (byte) random.nextInt(256);
      }
      assertAnswers(value);
    }
  }

  @Property(tries = 100)
  void aRecordThatWasCutIsUnreadable(@ForAll("vectors") float[] features, @ForAll Random random)
      throws IOException {
    for (byte[] whole :
        List.of(
            inBlocks(features, random),
            write(FLOATS_ONLY, boxed(features)),
            write(WHOLE_NUMBERS, List.of(1, 300, -70_000)))) {
      assertUnreadable(Arrays.copyOf(whole, random.nextInt(whole.length)));
      assertUnreadable(Arrays.copyOf(whole, whole.length - 1));
      assertUnreadable(Arrays.copyOf(whole, whole.length + 1));
    }
  }

  @Example
  void claimsOfFarMoreThanThereIsAreUnreadable() throws IOException {
    for (long claim : new long[] {1 << 24, Integer.MAX_VALUE, 1L << 62, Long.MAX_VALUE}) {
      for (long count : new long[] {claim, -claim, ~claim}) {
        assertUnreadable(encoded(count, 4 * claim, 0, 0, 0)); // The array's first block.
        assertUnreadable(encoded(0, count, 0, 0)); // The union's branch.
        assertUnreadable(encoded(0, 1, count, 0)); // The string's length.
      }
    }
    // The number that has no magnitude: as 32 bits, it would end the array.
    assertUnreadable(encoded(Long.MIN_VALUE, 0, 0, 0));
  }

  @Example
  void blocksThatStateAnotherSizeAreUnreadable() throws IOException {
    byte[] oneFloatAndTheRest = new byte[Float.BYTES + 3];
    for (long size : new long[] {0, 3, 5, -4, (1L << 32) + 4, Long.MIN_VALUE}) {
      ByteArrayOutputStream value = new ByteArrayOutputStream();
      value.writeBytes(encoded(-1, size));
      value.writeBytes(oneFloatAndTheRest);
      assertUnreadable(value.toByteArray());
    }
  }

  @Property(tries = 200)
  void textsThatAreNotUtf8AreUnreadable(@ForAll("notUtf8") byte[] text) throws IOException {
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    value.writeBytes(encoded(0, 1, text.length));
    value.writeBytes(text);
    value.write(0);

    assertUnreadable(value.toByteArray());
  }

  /** A writer's own fields are skipped, however deep the bytes claim that they are. */
  @Example
  void nestingWithoutEndIsUnreadable() throws IOException {
    Schema tree =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"FeatureRecord","namespace":"io.attribution.schema","fields":[
                  {"name":"tree","type":{"type":"record","name":"Node","fields":[
                    {"name":"next","type":["null","Node"]}]}},
                  {"name":"features","type":{"type":"array","items":"float"}}]}
                """);
    ByteArrayOutputStream value = framed(tree);
    byte[] deeper = new byte[1_000_000];
    Arrays.fill(deeper, (byte) 2);
    value.writeBytes(deeper);

    assertUnreadable(value.toByteArray());
  }

  private void assertReads(
      byte[] value, float[] features, Optional<String> model, Optional<String> recordId) {
    FeatureRow row = read(value);
    FloatMatrix batch = FloatMatrix.allocateDirect(3, features.length);
    row.copyTo(batch, 1);

    assertThat(row.length()).isEqualTo(features.length);
    assertThat(bits(batch.row(1))).isEqualTo(bits(features));
    assertThat(batch.row(0)).isEqualTo(new float[features.length]);
    assertThat(batch.row(2)).isEqualTo(new float[features.length]);
    assertThat(row.model()).isEqualTo(model);
    assertThat(row.recordId()).isEqualTo(recordId);
  }

  private FeatureRow read(byte[] value) {
    Decoded decoded = decoder.decode(value);
    assertThat(decoded).isInstanceOf(Decoded.Row.class);
    return ((Decoded.Row) decoded).row();
  }

  private void assertUnreadable(byte[] value) {
    Decoded decoded = assertAnswers(value);
    assertThat(decoded).isInstanceOf(Decoded.Unreadable.class);
    assertThat(((Decoded.Unreadable) decoded).rejected().reason())
        .isEqualTo(Rejected.Reason.UNDECODABLE);
  }

  /** Decodes, and uses what was decoded, with no more memory than the bytes deserve. */
  private Decoded assertAnswers(byte[] value) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    Decoded decoded = decoder.decode(value);
    assertThat(threads.getCurrentThreadAllocatedBytes() - before)
        .isLessThan(MAX_RESERVED + 64L * value.length);
    if (decoded instanceof Decoded.Row it) {
      it.row().copyTo(FloatMatrix.allocateDirect(1, it.row().length()), 0);
      it.row().firstNotFinite();
    }
    return decoded;
  }

  private static OptionalInt firstNotFinite(float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  private static void write(
      BinaryEncoder encoder, float[] features, Optional<String> model, Optional<String> recordId)
      throws IOException {
    new GenericDatumWriter<GenericRecord>(Schemas.FEATURE_RECORD)
        .write(
            new GenericRecordBuilder(Schemas.FEATURE_RECORD)
                .set("features", boxed(features))
                .set("model", model.orElse(null))
                .set("recordId", recordId.orElse(null))
                .build(),
            encoder);
    encoder.flush();
  }

  private byte[] write(Schema writer, List<?> features) throws IOException {
    ByteArrayOutputStream bytes = framed(writer);
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(writer)
        .write(new GenericRecordBuilder(writer).set("features", features).build(), encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  /** A record of model "encoder", in blocks of any length, each with or without its size. */
  private byte[] inBlocks(float[] features, Random random) throws IOException {
    ByteArrayOutputStream bytes = framed(Schemas.FEATURE_RECORD);
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    for (int from = 0; from < features.length; ) {
      int count = 1 + random.nextInt(Math.min(40, features.length - from));
      if (random.nextBoolean()) {
        encoder.writeLong(count);
      } else {
        encoder.writeLong(-count);
        encoder.writeLong((long) count * Float.BYTES);
      }
      for (int to = from + count; from < to; from++) {
        encoder.writeFloat(features[from]);
      }
    }
    encoder.writeLong(0);
    encoder.writeLong(1);
    encoder.writeString("encoder");
    encoder.writeLong(0);
    return bytes.toByteArray();
  }

  private byte[] encoded(long... numbers) throws IOException {
    ByteArrayOutputStream bytes = framed(Schemas.FEATURE_RECORD);
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    for (long number : numbers) {
      encoder.writeLong(number);
    }
    return bytes.toByteArray();
  }

  private ByteArrayOutputStream framed(Schema writer) throws IOException {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.write(ConfluentFrame.header(registry.register("features", new AvroSchema(writer))));
      return bytes;
    } catch (RestClientException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Schema featuresOf(Schema.Type item) {
    return SchemaBuilder.record("FeatureRecord")
        .namespace("io.attribution.schema")
        .fields()
        .name("features")
        .type(Schema.createArray(Schema.create(item)))
        .noDefault()
        .endRecord();
  }

  private static List<Float> boxed(float[] values) {
    List<Float> boxed = new ArrayList<>(values.length);
    for (float value : values) {
      boxed.add(value);
    }
    return boxed;
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  /** Any float32 there is, and in most vectors nothing but finite ones. */
  @Provide
  Arbitrary<float[]> vectors() {
    Arbitrary<Float> finite = Arbitraries.floats();
    Arbitrary<Float> any = Arbitraries.integers().map(Float::intBitsToFloat);
    Arbitrary<Float> mostlyFinite =
        Arbitraries.frequencyOf(
            Tuple.of(60, finite),
            Tuple.of(1, any),
            Tuple.of(
                1, Arbitraries.of(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY)));
    return Arbitraries.oneOf(finite, mostlyFinite).array(float[].class).ofMaxSize(700);
  }

  @Provide
  Arbitrary<byte[]> notUtf8() {
    return Arbitraries.of("FF", "61C3", "C080", "EDA080", "E282", "EFBFBDFF", "F5808080")
        .map(HexFormat.of()::parseHex);
  }

  @Provide
  Arbitrary<Optional<String>> texts() {
    Arbitrary<String> any =
        Arbitraries.strings()
            .ofMaxLength(20)
            .filter(s -> s.chars().noneMatch(c -> Character.isSurrogate((char) c)));
    return Arbitraries.oneOf(any, Arbitraries.of("a\uFFFDb", "naïve €", "\uD83D\uDE00")).optional();
  }
}
