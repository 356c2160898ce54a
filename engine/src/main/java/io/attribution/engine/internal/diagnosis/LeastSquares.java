package io.attribution.engine.internal.diagnosis;

/** Least squares for up to a few hundred unknowns, by the normal equations. */
final class LeastSquares {
  /**
   * Keeps directions out that the equations say nothing about: relative to the diagonal, about the
   * square of float32's rounding.
   */
  private static final double RIDGE = 1e-12;

  private final int unknowns;
  private final double[][] normal;
  private final double[] right;

  LeastSquares(int unknowns) {
    this.unknowns = unknowns;
    this.normal = new double[unknowns][unknowns];
    this.right = new double[unknowns];
  }

  /** Adds the equation Σ a[from + k]·m[k] = b. */
  void add(float[] a, int from, double b) {
    for (int i = 0; i < unknowns; i++) {
      double factor = a[from + i];
      double[] row = normal[i];
      for (int k = 0; k <= i; k++) {
        row[k] += factor * a[from + k];
      }
      right[i] += factor * b;
    }
  }

  /** The m of least squares. May be called once: the equations are overwritten. */
  double[] solve() {
    double largest = 0;
    for (int i = 0; i < unknowns; i++) {
      largest = Math.max(largest, normal[i][i]);
    }
    for (int i = 0; i < unknowns; i++) {
      normal[i][i] += RIDGE * largest + Double.MIN_NORMAL;
    }
    factorize();
    return substitute();
  }

  /** Cholesky, in place: the lower triangle of L with normal = L·Lᵀ. */
  private void factorize() {
    for (int i = 0; i < unknowns; i++) {
      double[] row = normal[i];
      for (int j = 0; j <= i; j++) {
        double[] other = normal[j];
        double sum = row[j];
        for (int k = 0; k < j; k++) {
          sum -= row[k] * other[k];
        }
        // Rounding may take a pivot of a dependent direction below zero.
        row[j] = i == j ? Math.sqrt(Math.max(sum, Double.MIN_NORMAL)) : sum / other[j];
      }
    }
  }

  private double[] substitute() {
    double[] m = right.clone();
    for (int i = 0; i < unknowns; i++) {
      for (int k = 0; k < i; k++) {
        m[i] -= normal[i][k] * m[k];
      }
      m[i] /= normal[i][i];
    }
    for (int i = unknowns - 1; i >= 0; i--) {
      for (int k = i + 1; k < unknowns; k++) {
        m[i] -= normal[k][i] * m[k];
      }
      m[i] /= normal[i][i];
    }
    return m;
  }
}
