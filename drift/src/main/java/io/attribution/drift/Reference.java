package io.attribution.drift;

import io.attribution.drift.statistics.EffectiveSize;
import io.attribution.engine.attribution.ExplainedRow;
import java.util.List;

/**
 * What windows of a stream are compared with: a sample of the training data, or else the stream's
 * own first rows.
 *
 * <p>They differ in what they tell of the stream's memory. A stream's own rows are in its order,
 * and more than a window has: they tell how much the stream remembers, and count as the fewer
 * independent rows that they are worth, as the window does. Training rows have no order; they are
 * independent, and the window alone can tell of the stream.
 */
final class Reference {
  private final RowWindow<ExplainedRow> rows;
  private final int size;
  private final boolean ofTraining;

  private Reference(RowWindow<ExplainedRow> rows, int size, boolean ofTraining) {
    this.rows = rows;
    this.size = size;
    this.ofTraining = ofTraining;
  }

  /** Of the next rows of the stream. */
  static Reference ofStream(int size) {
    return new Reference(new RowWindow<>(), size, false);
  }

  /** Of training rows, explained by the engine that explains the stream. */
  static Reference ofTraining(List<ExplainedRow> rows) {
    return new Reference(RowWindow.of(rows), rows.size(), true);
  }

  boolean isOfTraining() {
    return ofTraining;
  }

  /** For people. */
  String label() {
    return ofTraining ? "its training sample" : "its first records";
  }

  boolean isComplete() {
    return rows.size() >= size;
  }

  void add(ExplainedRow row) {
    rows.add(row);
  }

  RowWindow<ExplainedRow> rows() {
    return rows;
  }

  /**
   * The share of a window's length that it is worth.
   *
   * @param before values of a feature in the reference
   * @param now the same feature's in the window
   * @return above 0, at most 1
   */
  double worth(double[] before, double[] now) {
    return ofTraining ? ofShort(EffectiveSize.share(now), now.length) : EffectiveSize.share(before);
  }

  /**
   * A short series shows less of its memory than there is: its correlation ρ from row to row comes
   * out too small by (1 + 3ρ)/n. Source: M. G. Kendall, Note on bias in the estimation of
   * autocorrelation, Biometrika 41 (1954).
   */
  private static double ofShort(double share, int n) {
    if (share >= 1) {
      return 1;
    }
    double seen = (1 - share) / (1 + share);
    double correlation = Math.min((n * seen + 1) / (n - 3), 1 - 1.0 / n);
    return (1 - correlation) / (1 + correlation);
  }

  /**
   * How much of the reference a value may be at most, for a window of nothing else to be a sign. A
   * window that holds none of the rarer values does not tell for how long they stay away; the
   * stream's own rows do.
   *
   * @return at most 1
   */
  double mostFrequentConstant() {
    return ofTraining ? 1 - FeatureComparison.SMALLEST_DISTANCE : 1;
  }

  /**
   * The share of reference and window that makes a comparison of them as significant as it is.
   *
   * @param worth the window's, as {@link #worth} gives it
   * @param n values in the reference
   * @param m values in the window
   */
  double shareOfBoth(double worth, int n, int m) {
    // What counts is n'm'/(n' + m'), with n' = n, m' = worth·m for independent training rows.
    return ofTraining ? worth * (n + m) / (n + worth * m) : worth;
  }
}
