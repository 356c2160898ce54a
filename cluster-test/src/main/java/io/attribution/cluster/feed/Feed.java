package io.attribution.cluster.feed;

import io.attribution.cluster.process.Checkout;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.stream.csv.FeatureCsv;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * The records of the input. Seed, start and index determine a record, so none has to be remembered.
 * One in a hundred cannot be explained, one in twenty has no key, the others share {@value #KEYS}
 * keys. Every {@value #BLOCK} records event time may jump, by days and both ways. Thread-safe.
 */
public final class Feed {
  private static final int KEYS = 997;
  private static final int BLOCK = 250;

  /** Most blocks lie in the present. Days ahead are more than topics take by default. */
  private static final List<Duration> JUMPS =
      List.of(
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ofDays(-3),
          Duration.ofHours(-1),
          Duration.ofHours(2),
          Duration.ofDays(5));

  private static final int UNKNOWN_ID = 1_000_000;

  private final long seed;
  private final long start;
  private final List<float[]> rows;
  private final WriterSchema first;

  /**
   * @param start event time of record 0, in milliseconds since the epoch
   * @param rows features, which the records repeat; not copied
   * @param first writes the values that cannot be explained
   */
  public Feed(long seed, long start, List<float[]> rows, WriterSchema first) {
    this.seed = seed;
    this.start = start;
    this.rows = List.copyOf(rows);
    this.first = first;
  }

  /** The rows of the digits example. */
  public static List<float[]> rows(Checkout checkout) {
    List<float[]> rows = new ArrayList<>();
    List<String> features = BundleLoader.load(checkout.bundle()).features();
    try (FeatureCsv csv = FeatureCsv.open(checkout.rows(), features)) {
      float[] row = csv.newRow();
      while (csv.next(row)) {
        rows.add(row.clone());
      }
    }
    return rows;
  }

  public FeedRecord record(int index) {
    SplittableRandom random = random(index);
    Content content = content(random);
    Optional<String> key =
        random.nextInt(20) == 0 ? Optional.empty() : Optional.of("key-" + random.nextInt(KEYS));
    int row = random.nextInt(rows.size());
    Optional<String> recordId =
        random.nextBoolean() ? Optional.of("record-" + index) : Optional.empty();
    return new FeedRecord(
        key, headers(index, random.nextInt(3)), timestamp(index), content, row, recordId);
  }

  private SplittableRandom random(long number) {
    return new SplittableRandom(seed * 1_000_000_007L + number);
  }

  private static Content content(SplittableRandom random) {
    Content[] all = Content.values();
    return random.nextInt(100) > 0 ? Content.GOOD : all[1 + random.nextInt(all.length - 1)];
  }

  private long timestamp(int index) {
    Duration jump = JUMPS.get(random(~(index / BLOCK)).nextInt(JUMPS.size()));
    return start + index + jump.toMillis();
  }

  /** None, one, or a name twice, with and without a value. */
  private static List<Header> headers(int index, int count) {
    byte[] trace = ("trace-" + index).getBytes(StandardCharsets.UTF_8);
    return List.<Header>of(
            new RecordHeader("trace", trace), new RecordHeader("trace", (byte[]) null))
        .subList(0, count);
  }

  /**
   * The value's bytes.
   *
   * @param schema of the good values
   * @return null for a tombstone
   */
  public byte @Nullable [] value(FeedRecord record, WriterSchema schema) {
    float[] row = rows.get(record.row());
    return switch (record.content()) {
      case GOOD -> encode(row, record, schema);
      case TOMBSTONE -> null;
      case TEXT -> "{\"features\":[1,2,3]}".getBytes(StandardCharsets.UTF_8);
      case TRUNCATED -> truncated(encode(row, record, first));
      case UNKNOWN_SCHEMA -> encode(row, record, new WriterSchema(UNKNOWN_ID, first.schema()));
      case SHORT -> encode(Arrays.copyOf(row, row.length - 1), record, first);
      case NOT_A_NUMBER -> encode(withNaN(row), record, first);
    };
  }

  /** The value of a record that cannot be explained. */
  public byte @Nullable [] refusedValue(FeedRecord record) {
    return value(record, first);
  }

  private static byte[] truncated(byte[] value) {
    return Arrays.copyOf(value, value.length - 7);
  }

  private static float[] withNaN(float[] row) {
    float[] changed = row.clone();
    changed[row.length / 2] = Float.NaN;
    return changed;
  }

  private static byte[] encode(float[] features, FeedRecord record, WriterSchema schema) {
    GenericRecord value = new GenericData.Record(schema.schema());
    value.put("features", IntStream.range(0, features.length).mapToObj(k -> features[k]).toList());
    value.put("recordId", record.recordId().orElse(null));
    schema.schema().getFields().stream()
        .skip(3)
        .forEach(field -> value.put(field.name(), field.defaultVal()));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    bytes.writeBytes(ByteBuffer.allocate(1 + Integer.BYTES).putInt(1, schema.id()).array());
    try {
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
      new GenericDatumWriter<GenericRecord>(schema.schema()).write(value, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
