package io.attribution.drift.detector;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * A window of numbers as buckets of 1, 2, 4, … of them, a few of each size: the number of buckets
 * is logarithmic. Row r holds buckets of 2^r numbers, the oldest first; higher rows are older.
 *
 * <p>Sources: Bifet and Gavaldà (2007) for the buckets; Babcock, Datar, Motwani and O'Callaghan,
 * Maintaining variance and k-medians over data stream windows (2003) for the variance.
 */
final class ExponentialHistogram {

  /** 2^48 numbers: more than are ever seen. */
  private static final int ROWS = 48;

  private final int capacity;
  private final double[][] totals = new double[ROWS][];
  private final double[][] variances = new double[ROWS][];
  private final int[] sizes = new int[ROWS];
  private int rows;
  private double width;
  private double total;
  private double variance;

  /**
   * @param buckets how many of a size are kept
   */
  ExponentialHistogram(int buckets) {
    this.capacity = buckets + 1; // one more, until two are merged
    clear();
  }

  void clear() {
    Arrays.fill(sizes, 0);
    rows = 0;
    addRow();
    width = 0;
    total = 0;
    variance = 0;
  }

  private void addRow() {
    totals[rows] = new double[capacity];
    variances[rows] = new double[capacity];
    sizes[rows] = 0;
    rows++;
  }

  int rows() {
    return rows;
  }

  int size(int row) {
    return sizes[row];
  }

  double totalAt(int row, int bucket) {
    return totals[row][bucket];
  }

  /** Numbers in a bucket of a row. */
  static double length(int row) {
    return 1L << row;
  }

  double width() {
    return width;
  }

  double total() {
    return total;
  }

  /** Sum of squared deviations from the mean, divided by the width. */
  double variance() {
    return Math.max(0, variance) / width;
  }

  void add(double value) {
    insert(0, value, 0);
    width++;
    if (width > 1) {
      double deviation = value - total / (width - 1);
      variance += (width - 1) * deviation * deviation / width;
    }
    total += value;
    compress();
  }

  private void insert(int row, double sum, double squares) {
    totals[row][sizes[row]] = sum;
    variances[row][sizes[row]] = squares;
    sizes[row]++;
  }

  private void compress() {
    for (int row = 0; sizes[row] == capacity; row++) {
      if (row + 1 == rows) {
        addRow();
      }
      double[] sums = totals[row];
      double difference = (sums[0] - sums[1]) / length(row);
      double between = length(row) * 0.5 * difference * difference;
      insert(row + 1, sums[0] + sums[1], variances[row][0] + variances[row][1] + between);
      drop(row, 2);
    }
  }

  private void drop(int row, int buckets) {
    int rest = sizes[row] - buckets;
    System.arraycopy(totals[row], buckets, totals[row], 0, rest);
    System.arraycopy(variances[row], buckets, variances[row], 0, rest);
    sizes[row] = rest;
  }

  /** Forgets the oldest bucket. There have to be others. */
  void dropOldest() {
    int row = rows - 1;
    double length = length(row);
    double mean = totals[row][0] / length;
    width -= length;
    total -= totals[row][0];
    double deviation = mean - total / width;
    variance -= variances[row][0] + length * width * deviation * deviation / (length + width);
    drop(row, 1);
    if (sizes[row] == 0 && row > 0) {
      rows--;
    }
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeDouble(width);
    out.writeDouble(total);
    out.writeDouble(variance);
    out.writeByte(rows);
    for (int row = 0; row < rows; row++) {
      out.writeInt(sizes[row]);
      for (int i = 0; i < sizes[row]; i++) {
        out.writeDouble(totals[row][i]);
        out.writeDouble(variances[row][i]);
      }
    }
  }

  /** Whether what was read fits; cleared where not. */
  boolean readFrom(DataInput in) throws IOException {
    clear();
    width = in.readDouble();
    total = in.readDouble();
    variance = in.readDouble();
    int stored = in.readUnsignedByte();
    boolean fits = stored > 0 && stored <= ROWS;
    double counted = 0;
    for (int row = 0; fits && row < stored; row++) {
      fits = readRow(in, row);
      counted += sizes[row] * length(row);
    }
    fits = fits && counted == width;
    if (!fits) {
      clear();
    }
    return fits;
  }

  private boolean readRow(DataInput in, int row) throws IOException {
    int size = in.readInt();
    if (size < 0 || size >= capacity) {
      return false;
    }
    if (row == rows) {
      addRow();
    }
    for (int i = 0; i < size; i++) {
      double sum = in.readDouble();
      insert(row, sum, in.readDouble());
    }
    return true;
  }
}
