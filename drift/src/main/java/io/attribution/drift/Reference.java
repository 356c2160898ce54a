package io.attribution.drift;

import io.attribution.drift.statistics.EffectiveSize;
import io.attribution.engine.attribution.ExplainedRow;
import java.util.List;

/**
 * The rows that windows of a stream are compared with: a sample of the training data, or else the
 * stream's own first rows.
 *
 * <p>The stream may be autocorrelated; its rows then count as fewer independent ones. The stream's
 * own first rows are in its order and more than a window has, so they estimate the autocorrelation,
 * and the effective size of both follows from it. Training rows are independent and have no order,
 * so each window estimates its own.
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

  /** The next rows of the stream. */
  static Reference ofStream(int size) {
    return new Reference(new RowWindow<>(), size, false);
  }

  /** Training rows, explained by the engine that explains the stream. */
  static Reference ofTraining(List<ExplainedRow> rows) {
    return new Reference(RowWindow.of(rows), rows.size(), true);
  }

  boolean isOfTraining() {
    return ofTraining;
  }

  /** For messages. */
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
   * Effective number of independent values in a window, as a share of its length.
   *
   * @param before values of a feature in the reference
   * @param now values of the same feature in the window
   * @return above 0, at most 1
   */
  double effectiveShare(double[] before, double[] now) {
    return ofTraining
        ? biasCorrected(EffectiveSize.share(now), now.length)
        : EffectiveSize.share(before);
  }

  /**
   * Corrects for a short series, which underestimates its autocorrelation ρ by (1 + 3ρ)/n. Source:
   * M. G. Kendall, Note on bias in the estimation of autocorrelation, Biometrika 41 (1954).
   */
  private static double biasCorrected(double share, int n) {
    if (share >= 1) {
      return 1;
    }
    double estimated = (1 - share) / (1 + share);
    double correlation = Math.min((n * estimated + 1) / (n - 3), 1 - 1.0 / n);
    return (1 - correlation) / (1 + correlation);
  }

  /**
   * The largest share of the reference that a value may have, if a window of only this value is to
   * count as drift. A training sample does not show how long rarer values stay out of the stream;
   * the stream's own rows do.
   *
   * @return at most 1
   */
  double mostFrequentConstant() {
    return ofTraining ? 1 - FeatureComparison.SMALLEST_DISTANCE : 1;
  }

  /**
   * The effective share of both samples together, for a p-value that scales both alike.
   *
   * @param share the window's {@link #effectiveShare}
   * @param n values in the reference
   * @param m values in the window
   */
  double shareOfBoth(double share, int n, int m) {
    // The p-value depends on n'm'/(n' + m'); independent training rows have n' = n, m' = share·m.
    return ofTraining ? share * (n + m) / (n + share * m) : share;
  }
}
