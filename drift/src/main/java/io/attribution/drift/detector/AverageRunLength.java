package io.attribution.drift.detector;

/**
 * Expected observations until the first alarm of charts of normal values with deviation 1, from the
 * charts' integral equations by Gauss-Legendre quadrature.
 *
 * <p>Sources: D. Brook and D. A. Evans, Biometrika 59 (1972); S. V. Crowder, A simple method for
 * studying run-length distributions of EWMA charts, Technometrics 29 (1987); D. Siegmund,
 * Sequential Analysis (1985). Within 0.1 % of published tables up to 1e9.
 */
final class AverageRunLength {

  /** Siegmund: a random walk ends this much above the limit, on average and on both sides. */
  private static final double OVERSHOOT = 2 * 0.583;

  private static final int FEWEST_NODES = 24;
  private static final double NODES_PER_SIGMA = 2;

  private AverageRunLength() {}

  /**
   * Upper CUSUM from 0.
   *
   * @param k reference
   * @param h decision interval
   * @param shift the values' mean
   */
  static double cusum(double k, double h, double shift) {
    GaussLegendre rule = GaussLegendre.of(nodes(h), 0, h);
    int n = rule.size();
    double[][] equations = new double[n + 1][n + 2];
    for (int i = 0; i <= n; i++) {
      double from = i == 0 ? 0 : rule.node(i - 1);
      equations[i][0] = -StandardNormal.cumulative(k - from - shift);
      for (int j = 0; j < n; j++) {
        equations[i][j + 1] =
            -rule.weight(j) * StandardNormal.density(rule.node(j) + k - from - shift);
      }
      equations[i][i] += 1;
      equations[i][n + 1] = 1;
    }
    return LinearSystem.solve(equations)[0];
  }

  /**
   * Two-sided EWMA from 0, with limits of the final width.
   *
   * @param lambda weight of the newest value
   * @param limit L
   * @param shift the values' mean
   */
  static double ewma(double lambda, double limit, double shift) {
    double half = limit * Math.sqrt(lambda / (2 - lambda));
    // An odd number of nodes has one in the middle, where the chart starts.
    GaussLegendre rule = GaussLegendre.of(nodes(2 * half / lambda) | 1, -half, half);
    int n = rule.size();
    double[][] equations = new double[n][n + 1];
    for (int i = 0; i < n; i++) {
      double from = (1 - lambda) * rule.node(i);
      for (int j = 0; j < n; j++) {
        double value = (rule.node(j) - from) / lambda - shift;
        equations[i][j] = -rule.weight(j) / lambda * StandardNormal.density(value);
      }
      equations[i][i] += 1;
      equations[i][n] = 1;
    }
    return LinearSystem.solve(equations)[n / 2];
  }

  private static int nodes(double widthInSigma) {
    return FEWEST_NODES + (int) (NODES_PER_SIGMA * widthInSigma);
  }

  /** Siegmund's closed form for the upper CUSUM: within a few per cent. */
  static double siegmund(double k, double h, double shift) {
    double drift = shift - k;
    double b = h + OVERSHOOT;
    return drift == 0
        ? b * b
        : (StrictMath.exp(-2 * drift * b) + 2 * drift * b - 1) / (2 * drift * drift);
  }
}
