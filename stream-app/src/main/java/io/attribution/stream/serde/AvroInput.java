package io.attribution.stream.serde;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads Avro's binary encoding from a byte array; float vectors stay where they are. Accepts
 * whatever the specification lets a writer do; anything else is a {@link MalformedAvroException}.
 * Reserves no memory before it knows that the bytes for it are there.
 *
 * <p>Source: Apache Avro 1.12 specification, "Binary Encoding".
 */
final class AvroInput {
  private static final int MAX_VARINT_SHIFT = 63;

  /** What Java's own decoding puts in the place of bytes that are not UTF-8. */
  private static final char REPLACEMENT = '\uFFFD';

  private final byte[] bytes;
  private int position;

  AvroInput(byte[] bytes, int position) {
    this.bytes = bytes;
    this.position = position;
  }

  /** Index of the next byte in the array. */
  int position() {
    return position;
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
    int length = stringLength();
    String text = new String(bytes, position, length, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) {
      requireUtf8(length);
    }
    position += length;
    return text;
  }

  private int stringLength() {
    long length = readLong();
    if (length < 0 || length > remaining()) {
      throw new MalformedAvroException("a string of " + length + " bytes has only " + remaining());
    }
    return (int) length;
  }

  private void requireUtf8(int length) {
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, position, length));
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
  EncodedFloats readFloats() {
    int start = position;
    int length = 0;
    for (int count = readFloatBlock(); count != 0; count = readFloatBlock()) {
      length += count;
      skipFloats(count);
    }
    return new EncodedFloats(bytes, start, length);
  }

  /**
   * The head of an array block, up to its first float.
   *
   * @return how many floats follow, all within the bytes; 0 at the end of the array
   */
  int readFloatBlock() {
    long count = readLong();
    if (count >= 0) {
      return floats(count);
    }
    // A negative count stands for its magnitude and is followed by the block's size in bytes.
    if (count == Long.MIN_VALUE || readLong() != (long) Float.BYTES * floats(-count)) {
      throw new MalformedAvroException("an array block states a wrong size");
    }
    return (int) -count;
  }

  private int floats(long count) {
    if (count > remaining() / Float.BYTES) {
      throw new MalformedAvroException(
          "an array block of " + count + " floats has only " + remaining() + " bytes");
    }
    return (int) count;
  }

  /** Skips floats that {@link #readFloatBlock} has announced. */
  void skipFloats(int count) {
    position += count * Float.BYTES;
  }

  /** Fails unless everything was read. */
  void requireEnd() {
    if (remaining() > 0) {
      throw new MalformedAvroException(remaining() + " bytes follow the record");
    }
  }

  private int remaining() {
    return bytes.length - position;
  }

  private byte next() {
    if (position == bytes.length) {
      throw new MalformedAvroException("the record ends too early");
    }
    return bytes[position++];
  }
}
