package io.attribution.reduction;

import java.util.PriorityQueue;

/** The features with the largest magnitudes. */
public final class TopFeatures {
  private TopFeatures() {}

  /**
   * @param reduced one row of D numbers
   * @param k how many to find; all D when there are fewer
   * @return indices by decreasing magnitude, the lower index first among equals
   */
  public static int[] indices(float[] reduced, int k) {
    int size = Math.min(k, reduced.length);
    PriorityQueue<Integer> weakestFirst =
        new PriorityQueue<>(Math.max(1, size), (a, b) -> compare(reduced, b, a));
    for (int i = 0; i < reduced.length; i++) {
      weakestFirst.add(i);
      if (weakestFirst.size() > size) {
        weakestFirst.remove();
      }
    }
    int[] top = new int[size];
    for (int i = size - 1; i >= 0; i--) {
      top[i] = weakestFirst.remove();
    }
    return top;
  }

  /** Negative when a comes before b. */
  private static int compare(float[] reduced, int a, int b) {
    int byMagnitude = Float.compare(Math.abs(reduced[b]), Math.abs(reduced[a]));
    return byMagnitude != 0 ? byMagnitude : Integer.compare(a, b);
  }
}
