package io.attribution.drift;

import io.attribution.engine.attribution.ExplainedRow;
import java.util.ArrayList;
import java.util.List;

/** Rows of one model and their statistics by feature. n rows, D features. */
final class RowWindow<R extends ExplainedRow> {
  private final List<R> rows = new ArrayList<>();

  static <R extends ExplainedRow> RowWindow<R> of(List<R> rows) {
    RowWindow<R> window = new RowWindow<>();
    window.rows.addAll(rows);
    return window;
  }

  void add(R row) {
    rows.add(row);
  }

  int size() {
    return rows.size();
  }

  void clear() {
    rows.clear();
  }

  List<R> rows() {
    return rows;
  }

  R first() {
    return rows.get(0);
  }

  R last() {
    return rows.get(rows.size() - 1);
  }

  /** Raw values of a feature, n. */
  double[] inputs(int feature) {
    return rows.stream().mapToDouble(row -> row.feature(feature)).toArray();
  }

  /** Reduced contributions of a feature, n. */
  double[] contributions(int feature) {
    return rows.stream().mapToDouble(row -> row.reduced(feature)).toArray();
  }

  /** Mean |reduced contribution| of every feature, D. */
  double[] meanContributions() {
    double[] means = new double[first().size()];
    for (R row : rows) {
      for (int k = 0; k < means.length; k++) {
        means[k] += Math.abs(row.reduced(k)) / rows.size();
      }
    }
    return means;
  }

  /** For every feature, the share of rows in which it contributes most; D. */
  double[] topShares() {
    double[] shares = new double[first().size()];
    for (R row : rows) {
      shares[row.top()] += 1.0 / rows.size();
    }
    return shares;
  }
}
