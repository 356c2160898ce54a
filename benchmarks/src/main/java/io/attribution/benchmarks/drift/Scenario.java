package io.attribution.benchmarks.drift;

/**
 * Streams of explained rows of one kind: a reference, windows without a shift, windows with it.
 *
 * @param kind of the rows
 * @param features D
 * @param shift of one feature of each stream, from the end of the windows before it
 * @param reference rows of the reference
 * @param window rows of a window
 * @param before windows before the shift
 * @param after windows with it
 */
record Scenario(
    RowKind kind, int features, Shift shift, int reference, int window, int before, int after) {

  /** The first row of the shift. */
  int shiftRow() {
    return reference + before * window;
  }

  /** Rows of a stream. */
  int rows() {
    return shiftRow() + after * window;
  }

  /** Contribution of feature k for its value 1: features matter more and less. */
  static double weight(int k) {
    return 1 / Math.sqrt(k + 1.0);
  }
}
