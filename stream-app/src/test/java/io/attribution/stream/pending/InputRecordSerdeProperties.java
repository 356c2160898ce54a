package io.attribution.stream.pending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.attribution.drift.Origin;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Version 1 of the changelog's format: what 0.1 wrote stays readable, and is written the same. */
class InputRecordSerdeProperties {
  /** Written by release 0.1.0: {@link #full} and {@link #bare}. */
  private static final String FULL =
      "01000b66656174757265732dc3bc00000003000000024cb016ea0000011f71fb04cb000000036b65790000000300"
          + "0574726163650000000201ff00057472616365ffffffff000e7ac080c3a9e282aceda0bdedb8800000000000"
          + "00000d0000000007020000803f000000";

  private static final String BARE =
      "01000174000000000000000000000000ffffffffffffffffffffffff00000000ffffffff";

  /** The first and last chars of one, two and three bytes. */
  private static final char[] BOUNDARIES = {0, 1, 0x7F, 0x80, 0x7FF, 0x800, 0xFFFF};

  /** Loading classes takes some; what damaged bytes claim goes up to two gigabytes. */
  private static final int MAX_RESERVED = 1 << 20;

  @Example
  void writesTheBytesThatRelease01Wrote() {
    assertThat(HexFormat.of().formatHex(write(full()))).isEqualTo(FULL);
    assertThat(HexFormat.of().formatHex(write(bare()))).isEqualTo(BARE);
  }

  @Example
  void readsTheBytesThatRelease01Wrote() {
    assertSame(read(HexFormat.of().parseHex(FULL)), full());
    assertSame(read(HexFormat.of().parseHex(BARE)), bare());
  }

  @Property(tries = 500)
  void writesWhatDataOutputWrites(@ForAll("records") InputRecord record) throws IOException {
    byte[] written = write(record);

    assertThat(written).isEqualTo(reference(record));
    assertSame(read(written), record);
  }

  @Example
  void saysWhichRowHasANameThatIsTooLong() {
    InputRecord record = record("t", new RecordHeader("é".repeat(32_768), null));

    assertThatThrownBy(() -> write(record))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("t-3@5");
  }

  @Example
  void storesTheLongestNames() {
    InputRecord record = record("t", new RecordHeader("é".repeat(32_767) + "e", null));

    assertSame(read(write(record)), record);
  }

  @Property(tries = 200)
  void refusesBytesThatWereCut(@ForAll("records") InputRecord record, @ForAll Random random) {
    byte[] written = write(record);

    assertUnreadable(Arrays.copyOf(written, random.nextInt(written.length)));
    assertUnreadable(Arrays.copyOf(written, written.length - 1));
  }

  @Property(tries = 1000)
  void damagedBytesTakeNoMemory(@ForAll("records") InputRecord record, @ForAll Random random) {
    byte[] written = write(record);
    for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
      written[random.nextInt(written.length)] = (byte) random.nextInt(256);
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      read(written);
    } catch (UncheckedIOException expected) {
      assertThat(expected).hasMessageContaining("cannot be read");
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before)
        .isLessThan(MAX_RESERVED + 64L * written.length);
  }

  @Example
  void refusesAnotherVersion() {
    byte[] written = write(bare());
    written[0] = 2;

    assertThatThrownBy(() -> read(written)).hasStackTraceContaining("version 2 is newer");
  }

  private static void assertUnreadable(byte[] bytes) {
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("a pending row in the changelog cannot be read");
  }

  private static void assertSame(InputRecord read, InputRecord record) {
    assertThat(read.key()).isEqualTo(record.key());
    assertThat(read.value()).isEqualTo(record.value());
    assertThat(read.timestamp()).isEqualTo(record.timestamp());
    assertThat(read.headers()).isEqualTo(record.headers());
    assertThat(read.origin()).isEqualTo(record.origin());
  }

  private static byte[] write(InputRecord record) {
    return new InputRecordSerde().serializer().serialize("t", record);
  }

  private static InputRecord read(byte[] bytes) {
    return new InputRecordSerde().deserializer().deserialize("t", bytes);
  }

  private static InputRecord full() {
    return new InputRecord(
        "key".getBytes(StandardCharsets.UTF_8),
        new byte[] {0, 0, 0, 0, 7, 2, 0, 0, (byte) 0x80, 0x3f, 0, 0, 0},
        1_234_567_890_123L,
        new RecordHeaders()
            .add("trace", new byte[] {1, (byte) 0xff})
            .add("trace", null)
            .add("z\0é€\uD83D\uDE00", new byte[0]),
        new Origin("features-ü", 3, 9_876_543_210L));
  }

  private static InputRecord bare() {
    return new InputRecord(null, null, -1, new RecordHeaders(), new Origin("t", 0, 0));
  }

  private static InputRecord record(String topic, Header... headers) {
    return new InputRecord(
        new byte[] {1}, new byte[] {2}, 4, new RecordHeaders(headers), new Origin(topic, 3, 5));
  }

  /** The format as Java's own classes write it. */
  private static byte[] reference(InputRecord record) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(1);
    out.writeUTF(record.origin().topic());
    out.writeInt(record.origin().partition());
    out.writeLong(record.origin().offset());
    out.writeLong(record.timestamp());
    reference(out, record.key());
    Header[] headers = record.headers().toArray();
    out.writeInt(headers.length);
    for (Header header : headers) {
      out.writeUTF(header.key());
      reference(out, header.value());
    }
    reference(out, record.value());
    return bytes.toByteArray();
  }

  private static void reference(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes == null ? -1 : bytes.length);
    if (bytes != null) {
      out.write(bytes);
    }
  }

  @Provide
  Arbitrary<InputRecord> records() {
    Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(60).injectNull(0.1);
    Arbitrary<String> names =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(30),
            Arbitraries.strings().withChars(BOUNDARIES).ofMaxLength(30));
    Arbitrary<List<Header>> headers =
        Combinators.combine(names, bytes)
            .as((name, value) -> (Header) new RecordHeader(name, value))
            .list()
            .ofMaxSize(4);
    return Combinators.combine(
            bytes, bytes, Arbitraries.longs(), headers, names, Arbitraries.integers())
        .as(
            (key, value, time, list, topic, partition) ->
                new InputRecord(
                    key,
                    value,
                    time,
                    new RecordHeaders(list),
                    new Origin(topic, partition, ~time)));
  }
}
