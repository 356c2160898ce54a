package io.attribution.engine.matrix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Rows of float32 values in one little-endian block, ready to be copied as bytes. Row-major; every
 * view shares the block. Safe for use by several threads as long as none writes; at most 2 GiB.
 */
public final class FloatMatrix {
  /** Values that are looked at together: they stay in the cache. */
  private static final int PIECE = 1 << 12;

  private final ByteBuffer bytes;
  private final FloatBuffer floats;
  private final int rows;
  private final int columns;

  private FloatMatrix(ByteBuffer bytes, int rows, int columns) {
    this.bytes = bytes;
    this.floats = bytes.asFloatBuffer();
    this.rows = rows;
    this.columns = columns;
  }

  /** Zeros outside the Java heap, where an engine can read them without a copy. */
  public static FloatMatrix allocateDirect(int rows, int columns) {
    int size = Math.multiplyExact(Math.multiplyExact(rows, columns), Float.BYTES);
    return new FloatMatrix(
        ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN), rows, columns);
  }

  /**
   * A matrix over a buffer from its start, whatever its position and order; shares its memory.
   *
   * @throws IllegalArgumentException when the buffer's capacity is not rows · columns floats
   */
  public static FloatMatrix wrap(ByteBuffer littleEndian, int rows, int columns) {
    if (littleEndian.capacity() != (long) rows * columns * Float.BYTES) {
      throw new IllegalArgumentException(
          littleEndian.capacity() + " bytes are not " + rows + " × " + columns + " floats");
    }
    return new FloatMatrix(
        littleEndian.duplicate().clear().order(ByteOrder.LITTLE_ENDIAN), rows, columns);
  }

  /** A copy, outside the Java heap, of rows that all have the same length. */
  public static FloatMatrix of(float[]... rows) {
    FloatMatrix matrix = allocateDirect(rows.length, rows.length == 0 ? 0 : rows[0].length);
    for (int i = 0; i < rows.length; i++) {
      matrix.setRow(i, rows[i]);
    }
    return matrix;
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  public float get(int row, int column) {
    return floats.get(row * columns + column);
  }

  /** The first column that holds NaN or infinity in a row; empty when all values are finite. */
  public OptionalInt firstNotFinite(int row) {
    for (int column = 0; column < columns; column++) {
      if (!Float.isFinite(get(row, column))) {
        return OptionalInt.of(column);
      }
    }
    return OptionalInt.empty();
  }

  /** max |x| over all values; NaN where a value is. */
  public float largest() {
    IntBuffer bits = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).rewind().asIntBuffer();
    int[] piece = new int[Math.min(PIECE, bits.capacity())];
    // Without their sign, floats are ordered as their bits are; NaN comes last. Two maxima at a
    // time: each waits for its own last comparison only.
    int even = 0;
    int odd = 0;
    for (int at = 0; at < bits.capacity(); at += PIECE) {
      int count = Math.min(PIECE, bits.capacity() - at);
      bits.get(at, piece, 0, count);
      for (int i = 1; i < count; i += 2) {
        even = Math.max(even, piece[i - 1] & Integer.MAX_VALUE);
        odd = Math.max(odd, piece[i] & Integer.MAX_VALUE);
      }
      if ((count & 1) == 1) {
        even = Math.max(even, piece[count - 1] & Integer.MAX_VALUE);
      }
    }
    return Float.intBitsToFloat(Math.max(even, odd));
  }

  /** Whether no value of a row has a larger magnitude; not with NaN. */
  public boolean isWithin(int row, float magnitude) {
    for (int column = 0; column < columns; column++) {
      if (!(Math.abs(get(row, column)) <= magnitude)) {
        return false;
      }
    }
    return true;
  }

  /** A copy of one row. */
  public float[] row(int row) {
    float[] values = new float[columns];
    floats.get(row * columns, values);
    return values;
  }

  public void setRow(int row, float[] values) {
    if (values.length != columns) {
      throw new IllegalArgumentException(values.length + " values for " + columns + " columns");
    }
    floats.put(row * columns, values);
  }

  /** The values of one row; shares this matrix's memory. */
  public FloatBuffer values(int row) {
    return floats.slice(row * columns, columns);
  }

  /**
   * Copies floats that are bytes already into a row.
   *
   * @param column where the first one goes
   * @param littleEndian copied from {@code offset}, four bytes per float
   * @param count floats
   * @throws IndexOutOfBoundsException when the row or the array ends too early
   */
  public void putBytes(int row, int column, byte[] littleEndian, int offset, int count) {
    Objects.checkFromIndexSize(column, count, columns);
    bytes.put((row * columns + column) * Float.BYTES, littleEndian, offset, count * Float.BYTES);
  }

  /**
   * Copies the bytes of one row, little-endian, into an array.
   *
   * @param offset where the first byte goes
   * @throws IndexOutOfBoundsException when the array ends too early
   */
  public void getBytes(int row, byte[] target, int offset) {
    bytes.get(row * columns * Float.BYTES, target, offset, columns * Float.BYTES);
  }

  /** The bytes of some rows; shares this matrix's memory. */
  public ByteBuffer bytes(int firstRow, int rowCount) {
    return bytes
        .slice(firstRow * columns * Float.BYTES, rowCount * columns * Float.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Rows [from, to) as a matrix of their own; shares this matrix's memory. */
  public FloatMatrix slice(int from, int to) {
    return new FloatMatrix(bytes(from, to - from), to - from, columns);
  }
}
