package io.attribution.engine.internal.path;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.internal.torch.PyTorch;
import io.attribution.engine.matrix.DoubleMatrix;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.verification.VerificationSummary;
import java.util.ArrayList;
import java.util.List;

/**
 * Path integrals of a few rows, in Java memory: how near each comes to f(e) − f(b), and at what
 * cost.
 *
 * @param rows a summary for each row
 * @param nodes how many Jacobians each row took
 * @param nanos how long all of them took
 */
public record PathProbe(List<VerificationSummary> rows, List<Integer> nodes, long nanos) {
  private static final List<Integer> RULES = List.of(1, 3, 5, 9, 17, 33);

  /**
   * @param inputs e, (n, K)
   * @param base b, (1, K) or (n, K), see {@link PathIntegral#integrate}
   * @param ruleNodes nodes of a panel
   */
  public static PathProbe of(
      JacobianEngine engine,
      FloatMatrix inputs,
      FloatMatrix base,
      int ruleNodes,
      double tolerance,
      int maxNodes) {
    long start = System.nanoTime();
    try (NDManager scope = PyTorch.newScope(engine.device());
        PathIntegral integral = new PathIntegral(engine, ruleNodes, tolerance, maxNodes)) {
      NDArray e = PyTorch.array(scope, inputs);
      NDArray b = PyTorch.array(scope, base);
      NDArray before = engine.outputs(b.get("0:1"));
      PathIntegral.Means means = integral.integrate(e, b, before);
      NDArray change = means.outputs().sub(before);
      NDArray way = e.sub(b).expandDims(2);
      return new PathProbe(
          summaries(change, means.jacobian().batchMatMul(way).squeeze(2)),
          means.nodes(),
          System.nanoTime() - start);
    }
  }

  private static List<VerificationSummary> summaries(NDArray change, NDArray sums) {
    DoubleMatrix z = matrix(change);
    DoubleMatrix reconstruction = matrix(sums);
    List<VerificationSummary> rows = new ArrayList<>();
    for (int row = 0; row < z.rows(); row++) {
      rows.add(VerificationSummary.ofRow(z, reconstruction, row));
    }
    return rows;
  }

  private static DoubleMatrix matrix(NDArray array) {
    int rows = (int) array.getShape().get(0);
    return DoubleMatrix.of(
        FloatMatrix.wrap(array.toByteBuffer(), rows, (int) (array.size() / rows)));
  }

  /**
   * The rule that costs these rows least. A row that is not done at the limit counts as many nodes
   * as it would take by {@link #power}.
   *
   * @param inputs e, (n, K), like those that will be explained
   * @param base b, as above
   */
  public static int cheapestRule(
      JacobianEngine engine, FloatMatrix inputs, FloatMatrix base, double tolerance, int maxNodes) {
    int cheapest = RULES.get(0);
    double least = Double.POSITIVE_INFINITY;
    for (int rule : RULES) {
      if (PathIntegral.least(rule) <= maxNodes) {
        double cost =
            of(engine, inputs, base, rule, tolerance, maxNodes).cost(tolerance, power(rule));
        if (cost < least) {
          least = cost;
          cheapest = rule;
        }
      }
    }
    return cheapest;
  }

  /**
   * How nodes grow with the error that is to be overcome, at kinks. With panels of a single node
   * the error falls with the square of the nodes, since they go where the kinks are; rules of many
   * nodes are halved so seldom that it falls as for even steps. Measured with four encoders, 99 and
   * 255 nodes: errors fall with the nodes to the power of 2.1, 1.3, 0.9 and 0.8 for rules of 1, 3,
   * 5, 9.
   */
  private static double power(int rule) {
    return rule == 1 ? 0.5 : rule == 3 ? 0.8 : 1;
  }

  private double cost(double tolerance, double power) {
    double cost = 0;
    for (int row = 0; row < rows.size(); row++) {
      double miss = Math.max(1, rows.get(row).relativeError() / tolerance);
      cost += nodes.get(row) * Math.pow(miss, power);
    }
    return cost;
  }

  /** How long one Jacobian took. */
  public double nanosPerNode() {
    return (double) nanos / nodes.stream().mapToInt(Integer::intValue).sum();
  }

  /** All rows together. */
  public VerificationSummary summary() {
    return rows.stream().reduce(VerificationSummary.EMPTY, VerificationSummary::merge);
  }

  /** Rows that are within a tolerance. */
  public long within(double tolerance) {
    return rows.stream().filter(row -> row.relativeError() <= tolerance).count();
  }
}
