package io.attribution.engine.internal.route;

import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.method.ContributionMethod;

/**
 * How contributions of one model are computed, once its method is known.
 *
 * @param method any but {@link ContributionMethod#AUTO}
 * @param baselines where paths start, (m, D) raw features; no rows without a path
 * @param ruleNodes nodes of a panel of a path; 0 without one
 * @param maxNodes the most nodes of a path
 * @param tolerance the relative error of a row at which its path is done
 * @param maxRows the most rows of a batch, so that it takes some seconds even if every row takes
 *     all nodes: a transaction of the stream waits for it
 */
public record MethodPlan(
    ContributionMethod method,
    FloatMatrix baselines,
    int ruleNodes,
    int maxNodes,
    double tolerance,
    int maxRows) {

  /** A method without a path. */
  public static MethodPlan of(ContributionMethod method) {
    return new MethodPlan(method, FloatMatrix.of(), 0, 0, 0, Integer.MAX_VALUE);
  }
}
