package io.attribution.serde;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Writes Avro's binary encoding to a byte array that grows, whole float vectors at a time. */
final class AvroOutput {
  private static final int MAX_VARINT_BYTES = 10;

  private byte[] bytes;
  private int size;

  AvroOutput(int capacity) {
    this.bytes = new byte[capacity];
  }

  /** Avro's int and long. */
  AvroOutput writeLong(long value) {
    reserve(MAX_VARINT_BYTES);
    long zigzag = (value << 1) ^ (value >> 63);
    while ((zigzag & ~0x7FL) != 0) {
      bytes[size++] = (byte) ((zigzag & 0x7F) | 0x80);
      zigzag >>>= 7;
    }
    bytes[size++] = (byte) zigzag;
    return this;
  }

  AvroOutput writeDouble(double value) {
    long bits = Double.doubleToLongBits(value);
    reserve(Double.BYTES);
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      bytes[size++] = (byte) (bits >>> shift);
    }
    return this;
  }

  AvroOutput writeBoolean(boolean value) {
    reserve(1);
    bytes[size++] = (byte) (value ? 1 : 0);
    return this;
  }

  AvroOutput writeString(String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    return writeLong(text.length).writeRaw(text);
  }

  /** A union of null and string, in this order. */
  AvroOutput writeOptionalString(Optional<String> value) {
    return value.map(text -> writeLong(1).writeString(text)).orElseGet(() -> writeLong(0));
  }

  /** An array of floats in one block. */
  AvroOutput writeFloats(ByteBuffer littleEndian) {
    int length = littleEndian.remaining();
    if (length > 0) {
      writeLong(length / Float.BYTES);
      reserve(length);
      littleEndian.get(bytes, size, length);
      size += length;
    }
    return writeLong(0);
  }

  AvroOutput writeInts(int[] values) {
    if (values.length > 0) {
      writeLong(values.length);
      for (int value : values) {
        writeLong(value);
      }
    }
    return writeLong(0);
  }

  AvroOutput writeRaw(byte[] raw) {
    reserve(raw.length);
    System.arraycopy(raw, 0, bytes, size, raw.length);
    size += raw.length;
    return this;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.addExact(size, Math.max(size, more)));
    }
  }
}
