package io.attribution.drift.detector;

/** Nodes and weights that integrate polynomials of degree 2n−1 over an interval exactly. */
final class GaussLegendre {
  private static final int STEPS = 100;
  private static final double CLOSE = 1e-15;

  private final double[] nodes;
  private final double[] weights;

  private GaussLegendre(int n) {
    nodes = new double[n];
    weights = new double[n];
  }

  static GaussLegendre of(int n, double from, double to) {
    GaussLegendre rule = new GaussLegendre(n);
    double half = (to - from) / 2;
    for (int i = 0; i < n; i++) {
      double[] root = root(n, StrictMath.cos(Math.PI * (i + 0.75) / (n + 0.5)));
      rule.nodes[n - 1 - i] = (from + to) / 2 + half * root[0];
      rule.weights[n - 1 - i] = half * 2 / ((1 - root[0] * root[0]) * root[1] * root[1]);
    }
    return rule;
  }

  /** A root of the Legendre polynomial and the derivative there, by Newton's method. */
  private static double[] root(int n, double guess) {
    double x = guess;
    double slope = 0;
    for (int step = 0; step < STEPS; step++) {
      double previous = 1;
      double value = x;
      for (int degree = 2; degree <= n; degree++) {
        double next = ((2 * degree - 1) * x * value - (degree - 1) * previous) / degree;
        previous = value;
        value = next;
      }
      slope = n * (x * value - previous) / (x * x - 1);
      double change = value / slope;
      x -= change;
      if (Math.abs(change) < CLOSE) {
        break;
      }
    }
    return new double[] {x, slope};
  }

  int size() {
    return nodes.length;
  }

  double node(int i) {
    return nodes[i];
  }

  double weight(int i) {
    return weights[i];
  }
}
