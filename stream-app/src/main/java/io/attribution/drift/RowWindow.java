package io.attribution.drift;

import java.util.ArrayList;
import java.util.List;

/** Rows of one model, and what is common to them. n rows, D features. */
final class RowWindow {
  private final List<SampleRow> rows = new ArrayList<>();

  void add(SampleRow row) {
    rows.add(row);
  }

  int size() {
    return rows.size();
  }

  void clear() {
    rows.clear();
  }

  List<SampleRow> rows() {
    return rows;
  }

  SampleRow first() {
    return rows.get(0);
  }

  SampleRow last() {
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
    for (SampleRow row : rows) {
      for (int k = 0; k < means.length; k++) {
        means[k] += Math.abs(row.reduced(k)) / rows.size();
      }
    }
    return means;
  }

  /** In how many rows, of all, every feature is the one that contributes most; D shares. */
  double[] topShares() {
    double[] shares = new double[first().size()];
    for (SampleRow row : rows) {
      shares[row.top()] += 1.0 / rows.size();
    }
    return shares;
  }
}
