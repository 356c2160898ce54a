package io.attribution.engine.matrix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;

/**
 * Rows of float64 values in one little-endian block outside the Java heap. Row-major. Safe for use
 * by several threads as long as none writes; at most 2 GiB.
 */
public final class DoubleMatrix {
  private final ByteBuffer bytes;
  private final DoubleBuffer doubles;
  private final int rows;
  private final int columns;

  private DoubleMatrix(ByteBuffer bytes, int rows, int columns) {
    this.bytes = bytes;
    this.doubles = bytes.asDoubleBuffer();
    this.rows = rows;
    this.columns = columns;
  }

  /** Zeros. */
  public static DoubleMatrix allocateDirect(int rows, int columns) {
    int size = Math.multiplyExact(Math.multiplyExact(rows, columns), Double.BYTES);
    return new DoubleMatrix(
        ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN), rows, columns);
  }

  /** A copy, widened. */
  public static DoubleMatrix of(FloatMatrix matrix) {
    DoubleMatrix copy = allocateDirect(matrix.rows(), matrix.columns());
    for (int row = 0; row < copy.rows; row++) {
      for (int column = 0; column < copy.columns; column++) {
        copy.set(row, column, matrix.get(row, column));
      }
    }
    return copy;
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  public double get(int row, int column) {
    return doubles.get(row * columns + column);
  }

  public void set(int row, int column, double value) {
    doubles.put(row * columns + column, value);
  }

  /** All bytes; shares this matrix's memory. */
  public ByteBuffer bytes() {
    return bytes.duplicate().clear().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Rows [from, to) as a matrix of their own; shares this matrix's memory. */
  public DoubleMatrix slice(int from, int to) {
    int rowBytes = columns * Double.BYTES;
    ByteBuffer part =
        bytes.slice(from * rowBytes, (to - from) * rowBytes).order(ByteOrder.LITTLE_ENDIAN);
    return new DoubleMatrix(part, to - from, columns);
  }
}
