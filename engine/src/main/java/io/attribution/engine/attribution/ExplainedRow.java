package io.attribution.engine.attribution;

/**
 * Raw features of a row and its reduced contributions, D values each. Arrays are not copied, and
 * not to be changed.
 */
public class ExplainedRow {
  private final float[] features;
  private final float[] reduced;

  /**
   * @param features raw, D values
   * @param reduced reduced contributions, D values
   */
  public ExplainedRow(float[] features, float[] reduced) {
    if (features.length != reduced.length) {
      throw new IllegalArgumentException(
          features.length + " features, " + reduced.length + " reduced contributions");
    }
    this.features = features;
    this.reduced = reduced;
  }

  /** D. */
  public final int size() {
    return features.length;
  }

  /** The raw value of feature k. */
  public final float feature(int k) {
    return features[k];
  }

  /** The reduced contribution of feature k. */
  public final float reduced(int k) {
    return reduced[k];
  }

  /** The raw features, D values; not copied. */
  public final float[] features() {
    return features;
  }

  /** The reduced contributions, D values; not copied. */
  public final float[] reduced() {
    return reduced;
  }

  /** The feature with the largest magnitude; the first of them. */
  public final int top() {
    int top = 0;
    for (int k = 1; k < reduced.length; k++) {
      if (Math.abs(reduced[k]) > Math.abs(reduced[top])) {
        top = k;
      }
    }
    return top;
  }
}
