package io.attribution.serde;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads Avro's binary encoding from a byte array, whole float vectors at a time. Accepts whatever
 * the specification lets a writer do; anything else is a {@link MalformedAvroException}.
 *
 * <p>Source: Apache Avro 1.12 specification, "Binary Encoding".
 */
final class AvroInput {
  private static final int MAX_VARINT_SHIFT = 63;

  private final ByteBuffer bytes;

  AvroInput(byte[] bytes, int offset) {
    this.bytes =
        ByteBuffer.wrap(bytes, offset, bytes.length - offset).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A zig-zag variable-length number: Avro's int and long. */
  long readLong() {
    long raw = 0;
    for (int shift = 0; shift <= MAX_VARINT_SHIFT; shift += 7) {
      byte next = next();
      raw |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return (raw >>> 1) ^ -(raw & 1);
      }
    }
    throw new MalformedAvroException("a number is longer than 10 bytes");
  }

  String readString() {
    ByteBuffer text = take(readLong(), "a string");
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(text)
          .toString();
    } catch (CharacterCodingException e) {
      throw new MalformedAvroException("a string is not UTF-8");
    }
  }

  /** A union of null and string, in this order. */
  Optional<String> readOptionalString() {
    long branch = readLong();
    if (branch == 0) {
      return Optional.empty();
    }
    if (branch == 1) {
      return Optional.of(readString());
    }
    throw new MalformedAvroException("a union has no branch " + branch);
  }

  /** An array of floats: blocks of a count and as many little-endian floats, up to a count of 0. */
  float[] readFloats() {
    float[] values = new float[0];
    for (long count = readBlockCount(); count != 0; count = readBlockCount()) {
      ByteBuffer block = take(floatBytes(count), "an array block");
      int filled = values.length;
      values = Arrays.copyOf(values, filled + (int) count);
      block.asFloatBuffer().get(values, filled, (int) count);
    }
    return values;
  }

  /** A negative count stands for its magnitude and is followed by the block's size in bytes. */
  private long readBlockCount() {
    long count = readLong();
    if (count >= 0) {
      return count;
    }
    if (count == Long.MIN_VALUE || readLong() != floatBytes(-count)) {
      throw new MalformedAvroException("an array block states a wrong size");
    }
    return -count;
  }

  private long floatBytes(long count) {
    if (count > bytes.remaining() / Float.BYTES) {
      throw new MalformedAvroException(
          "an array block of " + count + " floats has only " + bytes.remaining() + " bytes");
    }
    return count * Float.BYTES;
  }

  /** Fails unless everything was read. */
  void requireEnd() {
    if (bytes.hasRemaining()) {
      throw new MalformedAvroException(bytes.remaining() + " bytes follow the record");
    }
  }

  private byte next() {
    if (!bytes.hasRemaining()) {
      throw new MalformedAvroException("the record ends too early");
    }
    return bytes.get();
  }

  private ByteBuffer take(long length, String what) {
    if (length < 0 || length > bytes.remaining()) {
      throw new MalformedAvroException(
          what + " of " + length + " bytes has only " + bytes.remaining());
    }
    ByteBuffer taken = bytes.slice(bytes.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(bytes.position() + (int) length);
    return taken;
  }
}
