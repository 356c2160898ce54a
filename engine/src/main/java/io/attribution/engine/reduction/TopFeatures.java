package io.attribution.engine.reduction;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The features with the largest magnitudes, found in one pass with a bounded heap. An entry is one
 * number, larger for what comes first: the magnitude's bits, which order as the magnitudes do,
 * above the complement of the index.
 */
public final class TopFeatures {
  private static final long INDEX = 0xFFFF_FFFFL;

  private TopFeatures() {}

  /**
   * @param reduced one row of D numbers
   * @param k how many to find; all D when there are fewer
   * @return indices by decreasing magnitude, the lower index first among equals
   */
  public static int[] indices(float[] reduced, int k) {
    return indices(FloatBuffer.wrap(reduced), k);
  }

  /**
   * The same for a row that stays where it is.
   *
   * @param reduced one row of D numbers, from the buffer's start to its limit
   */
  public static int[] indices(FloatBuffer reduced, int k) {
    int size = Math.min(k, reduced.limit());
    long[] weakestFirst = new long[size];
    for (int i = 0; i < size; i++) {
      weakestFirst[i] = entry(reduced, i);
    }
    Arrays.sort(weakestFirst); // A sorted array is a heap.
    for (int i = size; i < reduced.limit() && size > 0; i++) {
      long entry = entry(reduced, i);
      if (entry > weakestFirst[0]) {
        replaceWeakest(weakestFirst, entry);
      }
    }
    Arrays.sort(weakestFirst);
    return strongestFirst(weakestFirst);
  }

  private static long entry(FloatBuffer reduced, int index) {
    long magnitude = Float.floatToIntBits(Math.abs(reduced.get(index)));
    return (magnitude << Integer.SIZE) | (INDEX - index);
  }

  /** Moves entries up, from the root, until the new one is weaker than those below it. */
  private static void replaceWeakest(long[] heap, long entry) {
    int hole = 0;
    for (int child = 1; child < heap.length; child = 2 * hole + 1) {
      if (child + 1 < heap.length && heap[child + 1] < heap[child]) {
        child++;
      }
      if (entry <= heap[child]) {
        break;
      }
      heap[hole] = heap[child];
      hole = child;
    }
    heap[hole] = entry;
  }

  private static int[] strongestFirst(long[] ascending) {
    int[] indices = new int[ascending.length];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = (int) (INDEX - (ascending[indices.length - 1 - i] & INDEX));
    }
    return indices;
  }
}
