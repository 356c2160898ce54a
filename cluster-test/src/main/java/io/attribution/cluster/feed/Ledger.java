package io.attribution.cluster.feed;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which record stands where on the input topic: four bytes per record. Thread-safe. */
public final class Ledger {
  /** No record of the feed. */
  public static final int NONE = -1;

  private static final int FIRST_CAPACITY = 1024;

  private final List<int[]> indices = new ArrayList<>();
  private final int[] ends;
  private int size;

  public Ledger(int partitions) {
    this.ends = new int[partitions];
    for (int partition = 0; partition < partitions; partition++) {
      indices.add(empty(FIRST_CAPACITY));
    }
  }

  /**
   * Remembers a record that the brokers have acknowledged.
   *
   * @throws IllegalStateException when another record stands there
   */
  public synchronized void add(int partition, long offset, int index) {
    int at = Math.toIntExact(offset);
    int[] known = indices.get(partition);
    if (at >= known.length) {
      int[] larger = Arrays.copyOf(known, Math.max(at + 1, 2 * known.length));
      Arrays.fill(larger, known.length, larger.length, NONE);
      indices.set(partition, larger);
      known = larger;
    }
    if (known[at] != NONE) {
      throw new IllegalStateException("two records at " + partition + "@" + offset);
    }
    known[at] = index;
    ends[partition] = Math.max(ends[partition], at + 1);
    size++;
  }

  /** The index of the record at a position, or {@link #NONE}. */
  public synchronized int index(int partition, long offset) {
    boolean known =
        partition >= 0 && partition < ends.length && offset >= 0 && offset < ends[partition];
    return known ? indices.get(partition)[(int) offset] : NONE;
  }

  public int partitions() {
    return ends.length;
  }

  /** The offset after a partition's last record. */
  public synchronized int end(int partition) {
    return ends[partition];
  }

  /** Records. */
  public synchronized int size() {
    return size;
  }

  private static int[] empty(int capacity) {
    int[] indices = new int[capacity];
    Arrays.fill(indices, NONE);
    return indices;
  }
}
