package io.attribution.stream.serde;

import io.attribution.engine.matrix.FloatMatrix;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes Avro's binary encoding. Small fields are gathered in an array that grows; rows of matrices
 * are only remembered, and copied once, when the size of the whole record is known.
 */
final class AvroOutput {
  private static final int MAX_VARINT_BYTES = 10;

  private byte[] small;
  private int size;
  private @Nullable Vector last;
  private int vectorBytes;

  /**
   * A vector that belongs between two small fields.
   *
   * @param at how many bytes of small fields stand before it
   * @param before the vector written before this one
   */
  private record Vector(FloatMatrix matrix, int row, int at, @Nullable Vector before) {
    int bytes() {
      return matrix.columns() * Float.BYTES;
    }
  }

  /**
   * @param capacity bytes of small fields that fit without growing
   */
  AvroOutput(int capacity) {
    this.small = new byte[capacity];
  }

  /** Avro's int and long. */
  AvroOutput writeLong(long value) {
    reserve(MAX_VARINT_BYTES);
    long zigzag = (value << 1) ^ (value >> 63);
    while ((zigzag & ~0x7FL) != 0) {
      small[size++] = (byte) ((zigzag & 0x7F) | 0x80);
      zigzag >>>= 7;
    }
    small[size++] = (byte) zigzag;
    return this;
  }

  AvroOutput writeDouble(double value) {
    return writeBits(Double.doubleToLongBits(value), Double.BYTES);
  }

  AvroOutput writeFloat(float value) {
    return writeBits(Float.floatToRawIntBits(value), Float.BYTES);
  }

  private AvroOutput writeBits(long bits, int bytes) {
    reserve(bytes);
    for (int i = 0; i < bytes; i++) {
      small[size++] = (byte) (bits >>> (i * Byte.SIZE));
    }
    return this;
  }

  AvroOutput writeBoolean(boolean value) {
    reserve(1);
    small[size++] = (byte) (value ? 1 : 0);
    return this;
  }

  AvroOutput writeString(String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    return writeLong(text.length).writeRaw(text);
  }

  /** A string's encoding, for {@link #writeRaw}: what every record repeats is encoded once. */
  static byte[] encoded(String value) {
    return new AvroOutput(MAX_VARINT_BYTES).writeString(value).toByteArray();
  }

  /** A union of null and string, in this order. */
  AvroOutput writeOptionalString(Optional<String> value) {
    return value.isPresent() ? writeLong(1).writeString(value.get()) : writeLong(0);
  }

  /** A row as an array of floats in one block. It is read when the record is complete. */
  AvroOutput writeFloats(FloatMatrix matrix, int row) {
    if (matrix.columns() > 0) {
      writeLong(matrix.columns());
      last = new Vector(matrix, row, size, last);
      vectorBytes = Math.addExact(vectorBytes, last.bytes());
    }
    return writeLong(0);
  }

  /** The values at some indices as an array of floats. */
  AvroOutput writeFloats(FloatBuffer values, int[] indices) {
    if (indices.length > 0) {
      writeLong(indices.length);
      for (int index : indices) {
        writeFloat(values.get(index));
      }
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
    System.arraycopy(raw, 0, small, size, raw.length);
    size += raw.length;
    return this;
  }

  /** The record: an array of its exact size, filled from the end. */
  byte[] toByteArray() {
    byte[] all = new byte[Math.addExact(size, vectorBytes)];
    int end = all.length;
    int smallEnd = size;
    for (Vector vector = last; vector != null; vector = vector.before()) {
      int after = smallEnd - vector.at();
      end -= after;
      System.arraycopy(small, vector.at(), all, end, after);
      end -= vector.bytes();
      vector.matrix().getBytes(vector.row(), all, end);
      smallEnd = vector.at();
    }
    System.arraycopy(small, 0, all, 0, smallEnd);
    return all;
  }

  private void reserve(int more) {
    if (small.length - size < more) {
      small = Arrays.copyOf(small, Math.addExact(size, Math.max(size, more)));
    }
  }
}
