package io.attribution.engine.attribution;

/**
 * Room for a batch's results that is used again for the next batch: memory outside the heap is
 * returned late and filled with zeros when it is taken. Not for use by several threads.
 */
public final class ResultMemory {
  private final Room room;
  private Attributions whole;

  /** Makes room for this many rows. */
  @FunctionalInterface
  public interface Room {
    Attributions of(int rows);
  }

  public ResultMemory(Room room) {
    this.room = room;
    this.whole = room.of(1);
  }

  /**
   * Room for the results of n rows; what it held before is lost.
   *
   * @param rows n
   */
  public Attributions of(int rows) {
    if (rows > whole.rows()) {
      whole = room.of(Math.max(rows, Math.min(2 * whole.rows(), 1 << 16)));
    }
    return whole.slice(0, rows);
  }
}
