package io.attribution.drift.detector;

/**
 * Expected observations until the first alarm of an upper CUSUM of normal values with mean 0 and
 * deviation 1, from its integral equation by Gauss-Legendre quadrature.
 *
 * <p>Source: D. Brook and D. A. Evans, An approach to the probability distribution of CUSUM run
 * length, Biometrika 59 (1972). Within 0.1 % of published tables up to 1e9.
 */
final class AverageRunLength {
  private static final int FEWEST_NODES = 24;
  private static final double NODES_PER_SIGMA = 2;
  private static final double LARGEST_INTERVAL = 200;
  private static final int BISECTIONS = 40;

  private AverageRunLength() {}

  /**
   * ARL of a chart that starts from 0. A shift of the values by s is a k that is smaller by s: of(k
   * − s, h) is ARL1.
   *
   * @param k reference value
   * @param h decision interval
   */
  static double of(double k, double h) {
    int nodes = FEWEST_NODES + (int) (NODES_PER_SIGMA * h);
    GaussLegendre rule = GaussLegendre.of(nodes, 0, h);
    double[][] equations = new double[nodes + 1][];
    equations[0] = equation(0, k, rule);
    equations[0][0] += 1;
    for (int i = 1; i <= nodes; i++) {
      equations[i] = equation(rule.node(i - 1), k, rule);
      equations[i][i] += 1;
    }
    return LinearSystem.solve(equations)[0];
  }

  /** −(transition from this sum to 0 and to each node), and 1 as the right side. */
  private static double[] equation(double from, double k, GaussLegendre rule) {
    int n = rule.size();
    double[] equation = new double[n + 2];
    equation[0] = -StandardNormal.cumulative(k - from);
    for (int j = 0; j < n; j++) {
      equation[j + 1] = -rule.weight(j) * StandardNormal.density(rule.node(j) + k - from);
    }
    equation[n + 1] = 1;
    return equation;
  }

  /**
   * The decision interval h with ARL(k, h) = ARL0, at most 200.
   *
   * @param k reference value, positive
   */
  static double interval(double k, double arl0) {
    double low = 0.1;
    double high = 1;
    while (high < LARGEST_INTERVAL && of(k, high) < arl0) {
      low = high;
      high += 1;
    }
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (low + high) / 2;
      if (of(k, middle) < arl0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
