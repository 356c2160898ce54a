package io.attribution.stream.pending;

import io.attribution.drift.Origin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * The format of pending rows in the store and its changelog. Versioned: an upgrade must read old
 * rows.
 *
 * <p>Version 1, big-endian, strings in {@link ModifiedUtf8}: version (1 byte), topic, partition
 * (4), offset (8), timestamp (8), key, count of headers (4), name and value of each header, value.
 * Key and values are their length (4), −1 for null, and their bytes.
 */
public final class InputRecordSerde implements Serde<InputRecord> {
  private static final byte VERSION = 1;
  private static final int NULL = -1;

  @Override
  public Serializer<InputRecord> serializer() {
    return (topic, record) -> record == null ? null : write(record);
  }

  @Override
  public Deserializer<InputRecord> deserializer() {
    return (topic, bytes) -> bytes == null ? null : read(bytes);
  }

  private static byte[] write(InputRecord record) {
    Header[] headers = record.headers().toArray();
    try {
      ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(record.bytes())).put(VERSION);
      ModifiedUtf8.put(out, record.origin().topic());
      out.putInt(record.origin().partition())
          .putLong(record.origin().offset())
          .putLong(record.timestamp());
      putBytes(out, record.key()).putInt(headers.length);
      for (Header header : headers) {
        ModifiedUtf8.put(out, header.key());
        putBytes(out, header.value());
      }
      return putBytes(out, record.value()).array();
    } catch (IOException e) {
      throw new UncheckedIOException("a pending row cannot be stored: " + record.origin(), e);
    }
  }

  /** The size of a stored record in bytes; may exceed what an array can hold. */
  static long size(InputRecord record) {
    long size = Byte.BYTES + size(record.origin().topic());
    size += Integer.BYTES + Long.BYTES + Long.BYTES;
    size += size(record.key()) + Integer.BYTES;
    for (Header header : record.headers()) {
      size += size(header.key()) + size(header.value());
    }
    return size + size(record.value());
  }

  private static long size(String text) {
    return Short.BYTES + ModifiedUtf8.bytes(text);
  }

  private static long size(byte @Nullable [] bytes) {
    return Integer.BYTES + (bytes == null ? 0L : bytes.length);
  }

  private static ByteBuffer putBytes(ByteBuffer out, byte @Nullable [] bytes) {
    return bytes == null ? out.putInt(NULL) : out.putInt(bytes.length).put(bytes);
  }

  private static InputRecord read(byte[] bytes) {
    try {
      return read(ByteBuffer.wrap(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("a pending row in the changelog cannot be read", e);
    } catch (BufferUnderflowException e) {
      throw new UncheckedIOException(
          "a pending row in the changelog cannot be read", new IOException("it ends too early", e));
    }
  }

  private static InputRecord read(ByteBuffer in) throws IOException {
    byte version = in.get();
    if (version != VERSION) {
      throw new IOException("format version " + version + " is newer than this application");
    }
    Origin origin = new Origin(ModifiedUtf8.get(in), in.getInt(), in.getLong());
    long timestamp = in.getLong();
    byte[] key = getBytes(in);
    Headers headers = new RecordHeaders();
    for (int remaining = in.getInt(); remaining > 0; remaining--) {
      headers.add(ModifiedUtf8.get(in), getBytes(in));
    }
    return new InputRecord(key, getBytes(in), timestamp, headers, origin);
  }

  private static byte @Nullable [] getBytes(ByteBuffer in) {
    int length = in.getInt();
    if (length == NULL) {
      return null;
    }
    // Checked before memory is allocated for a length that damaged bytes claim.
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
