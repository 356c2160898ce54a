package io.attribution.engine.internal.route;

import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.internal.projection.Categories;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.method.ContributionMethod;
import java.util.Optional;

/**
 * How contributions of one model are computed, once its method is known.
 *
 * @param method any but {@link ContributionMethod#AUTO}
 * @param baselines where paths start, (m, D) raw features; without a path no rows, or one that says
 *     what categories are compared with
 * @param categories columns of indices, behind which the engine's encoder is cut
 * @param ruleNodes nodes of a panel of a path; 0 without one
 * @param maxNodes the most nodes of a path
 * @param tolerance the relative error of a row at which its path is done
 * @param maxRows the most rows of a batch, so that it takes some seconds even if every row takes
 *     all nodes: a transaction of the stream waits for it
 */
public record MethodPlan(
    ContributionMethod method,
    FloatMatrix baselines,
    Optional<Categories> categories,
    int ruleNodes,
    int maxNodes,
    double tolerance,
    int maxRows) {

  /** A method without a path. */
  public static MethodPlan of(ContributionMethod method) {
    return of(method, FloatMatrix.of(), Optional.empty());
  }

  /**
   * A method without a path.
   *
   * @param baseline (1, D), of which only the categories count
   */
  public static MethodPlan of(
      ContributionMethod method, FloatMatrix baseline, Optional<Categories> categories) {
    return new MethodPlan(method, baseline, categories, 0, 0, 0, Integer.MAX_VALUE);
  }

  /** How many numbers the engine takes for a row. */
  int inputSize(ModelBundle bundle) {
    return bundle.inputSize() + categories.map(c -> 2 * c.columns().size()).orElse(0);
  }
}
