package io.attribution.engine.attribution;

import java.util.function.IntFunction;

/**
 * Memory for the results of one batch after another. Memory outside the heap is returned late and
 * filled with zeros when it is allocated; this grows with the largest batch and is used again. Not
 * safe for use by several threads: one per thread.
 */
public final class ResultMemory {
  private static final int MOST_GROWTH_ROWS = 1 << 16;

  private final IntFunction<Attributions> allocate;
  private Attributions buffer;

  /**
   * @param allocate memory for a number of rows
   */
  ResultMemory(IntFunction<Attributions> allocate) {
    this.allocate = allocate;
    this.buffer = allocate.apply(1);
  }

  /**
   * Memory for the results of n rows, part of the same memory as that of the call before: earlier
   * results are overwritten.
   *
   * @param rows n
   */
  public Attributions of(int rows) {
    if (rows > buffer.rows()) {
      buffer = allocate.apply(Math.max(rows, Math.min(2 * buffer.rows(), MOST_GROWTH_ROWS)));
    }
    return buffer.slice(0, rows);
  }
}
