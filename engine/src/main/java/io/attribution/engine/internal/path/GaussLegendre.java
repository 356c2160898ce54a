package io.attribution.engine.internal.path;

/**
 * The Gauss–Legendre rule of n nodes on [0, 1]: exact for polynomials of degree 2n − 1. An odd rule
 * has the middle among its nodes.
 */
final class GaussLegendre {
  private static final int MOST_STEPS = 100;

  private final double[] nodes;
  private final double[] weights;

  /**
   * @param size n, odd
   */
  GaussLegendre(int size) {
    if (size % 2 == 0) {
      throw new IllegalArgumentException("a rule of " + size + " nodes has none in the middle");
    }
    this.nodes = new double[size];
    this.weights = new double[size];
    for (int i = 0; i <= size / 2; i++) {
      fill(i, root(i));
    }
  }

  /** A root of the Legendre polynomial by Newton's method, the largest first. */
  private double root(int i) {
    if (i == nodes.length / 2) {
      return 0;
    }
    double x = Math.cos(Math.PI * (i + 0.75) / (nodes.length + 0.5));
    double step = 1;
    for (int n = 0; n < MOST_STEPS && Math.abs(step) > 1e-16; n++) {
      double[] p = legendre(x);
      step = p[0] / p[1];
      x -= step;
    }
    return x;
  }

  /** The polynomial and its derivative, by the recurrence of three terms. */
  private double[] legendre(double x) {
    int n = nodes.length;
    double before = 1;
    double value = x;
    for (int k = 2; k <= n; k++) {
      double next = ((2 * k - 1) * x * value - (k - 1) * before) / k;
      before = value;
      value = next;
    }
    return new double[] {value, n * (x * value - before) / (x * x - 1)};
  }

  private void fill(int i, double x) {
    double derivative = legendre(x)[1];
    double weight = 1 / ((1 - x * x) * derivative * derivative);
    int mirrored = nodes.length - 1 - i;
    nodes[i] = (1 - x) / 2;
    nodes[mirrored] = (1 + x) / 2;
    weights[i] = weight;
    weights[mirrored] = weight;
  }

  int size() {
    return nodes.length;
  }

  /** Which node is the middle. */
  int middle() {
    return nodes.length / 2;
  }

  /** In (0, 1), ascending. */
  double node(int i) {
    return nodes[i];
  }

  /** They add up to 1. */
  double weight(int i) {
    return weights[i];
  }
}
