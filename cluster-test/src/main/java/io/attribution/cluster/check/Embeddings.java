package io.attribution.cluster.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The embedding of each row of features, from its first output on. Equal rows have equal
 * embeddings, apart from rounding, so the explanation of another row is found without an engine.
 */
final class Embeddings {
  private static final float TOLERANCE = 1e-4f;

  private final Map<Integer, List<Float>> byRow = new HashMap<>();

  /** Whether a row's embedding is what it was before. */
  boolean agrees(int row, List<Float> embedding) {
    List<Float> before = byRow.putIfAbsent(row, embedding);
    return before == null || isClose(before, embedding);
  }

  private static boolean isClose(List<Float> before, List<Float> embedding) {
    if (before.size() != embedding.size()) {
      return false;
    }
    for (int i = 0; i < before.size(); i++) {
      float difference = Math.abs(before.get(i) - embedding.get(i));
      // Written so that NaN is not close.
      if (!(difference <= TOLERANCE * (1 + Math.abs(before.get(i))))) {
        return false;
      }
    }
    return true;
  }
}
