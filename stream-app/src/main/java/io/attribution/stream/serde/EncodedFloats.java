package io.attribution.stream.serde;

import io.attribution.engine.matrix.FloatMatrix;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * A float vector where it stands in a record: an Avro array of one or more blocks, of which every
 * size was checked. A view; the encoding is walked again for each use, which costs a few
 * nanoseconds per block and no memory.
 */
final class EncodedFloats {
  private final byte[] bytes;
  private final int start;
  private final int length;

  /**
   * @param bytes not copied
   * @param start index of the array's first block head
   * @param length how many floats its blocks have together
   */
  EncodedFloats(byte[] bytes, int start, int length) {
    this.bytes = bytes;
    this.start = start;
    this.length = length;
  }

  int length() {
    return length;
  }

  float get(int index) {
    int left = Objects.checkIndex(index, length);
    AvroInput blocks = blocks();
    int count = blocks.readFloatBlock();
    while (left >= count) {
      left -= count;
      blocks.skipFloats(count);
      count = blocks.readFloatBlock();
    }
    return LittleEndianFloats.get(bytes, blocks.position() + left * Float.BYTES);
  }

  /** The first index that holds NaN or infinity; empty when all values are finite. */
  OptionalInt firstNotFinite() {
    int passed = 0;
    AvroInput blocks = blocks();
    for (int count = blocks.readFloatBlock(); count != 0; count = blocks.readFloatBlock()) {
      int found = LittleEndianFloats.firstNotFinite(bytes, blocks.position(), count);
      if (found < count) {
        return OptionalInt.of(passed + found);
      }
      passed += count;
      blocks.skipFloats(count);
    }
    return OptionalInt.empty();
  }

  /**
   * Copies the vector, as bytes, to a row of a matrix.
   *
   * @throws IllegalArgumentException when the matrix has another number of columns
   */
  void copyTo(FloatMatrix matrix, int row) {
    if (length != matrix.columns()) {
      throw new IllegalArgumentException(length + " values for " + matrix.columns() + " columns");
    }
    int column = 0;
    AvroInput blocks = blocks();
    for (int count = blocks.readFloatBlock(); count != 0; count = blocks.readFloatBlock()) {
      matrix.putBytes(row, column, bytes, blocks.position(), count);
      column += count;
      blocks.skipFloats(count);
    }
  }

  private AvroInput blocks() {
    return new AvroInput(bytes, start);
  }
}
