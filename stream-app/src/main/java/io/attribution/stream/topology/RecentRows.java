package io.attribution.stream.topology;

import io.attribution.engine.matrix.FloatMatrix;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The latest sampled rows of every model, for the diagnosis of an alert. Thread-safe. */
public final class RecentRows {
  private static final int KEPT = 128;

  /** Bounds the memory of a wide model, in values; at least {@link #FEWEST_KEPT} rows are kept. */
  private static final int MAX_VALUES = 1 << 20;

  private static final int FEWEST_KEPT = 16;

  private final Map<String, Deque<float[]>> rows = new HashMap<>();

  /**
   * @param features raw, D values; not copied
   */
  synchronized void add(String fingerprint, float[] features) {
    Deque<float[]> kept = rows.computeIfAbsent(fingerprint, model -> new ArrayDeque<>());
    if (kept.size() >= kept(features.length)) {
      kept.removeFirst();
    }
    kept.addLast(features);
  }

  private static int kept(int features) {
    return Math.max(FEWEST_KEPT, Math.min(KEPT, MAX_VALUES / Math.max(1, features)));
  }

  /**
   * @param features D
   * @return the latest rows, (n, D); n may be 0
   */
  public FloatMatrix of(String fingerprint, int features) {
    List<float[]> kept = copy(fingerprint);
    FloatMatrix matrix = FloatMatrix.allocateDirect(kept.size(), features);
    for (int i = 0; i < kept.size(); i++) {
      matrix.setRow(i, kept.get(i));
    }
    return matrix;
  }

  private synchronized List<float[]> copy(String fingerprint) {
    return new ArrayList<>(rows.getOrDefault(fingerprint, new ArrayDeque<>()));
  }
}
