package io.attribution.drift.detector;

/** Gauss elimination with pivots. */
final class LinearSystem {
  private LinearSystem() {}

  /**
   * @param rows (n, n + 1), the right side last; overwritten
   */
  static double[] solve(double[][] rows) {
    int n = rows.length;
    for (int column = 0; column < n; column++) {
      bringLargest(rows, column);
      for (int i = column + 1; i < n; i++) {
        subtract(rows[i], rows[column], column);
      }
    }
    double[] solution = new double[n];
    for (int i = n - 1; i >= 0; i--) {
      double sum = rows[i][n];
      for (int j = i + 1; j < n; j++) {
        sum -= rows[i][j] * solution[j];
      }
      solution[i] = sum / rows[i][i];
    }
    return solution;
  }

  private static void bringLargest(double[][] rows, int column) {
    int best = column;
    for (int i = column + 1; i < rows.length; i++) {
      if (Math.abs(rows[i][column]) > Math.abs(rows[best][column])) {
        best = i;
      }
    }
    double[] largest = rows[best];
    rows[best] = rows[column];
    rows[column] = largest;
  }

  private static void subtract(double[] row, double[] pivot, int column) {
    double factor = row[column] / pivot[column];
    for (int j = column; j < row.length; j++) {
      row[j] -= factor * pivot[j];
    }
  }
}
