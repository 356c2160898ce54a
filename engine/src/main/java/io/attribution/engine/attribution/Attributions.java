package io.attribution.engine.attribution;

import io.attribution.engine.matrix.DoubleMatrix;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.method.ContributionMethod;
import java.util.Optional;

/**
 * The results of one batch in Java memory, outside the heap. n rows, D features, O outputs. Freed
 * by the garbage collector, not by closing what computed them.
 *
 * @param embedding z, (n, O)
 * @param exact what the contributions have to add up to, z less the base, in the precision it was
 *     computed in, (n, O)
 * @param reconstruction what they add up to (J·e for a Jacobian at the row), in the precision it
 *     was computed in, (n, O)
 * @param check (n, 1), not finite when any part of a row's results is not; may be not finite by
 *     itself
 * @param contributions C, (n, O·D), each row a matrix in row-major order [output, feature]; absent
 *     when not selected
 * @param reduced R, (n, D); absent when not selected
 * @param base (n, O): the intercept of a row, or the output of its baseline; absent for {@link
 *     ContributionMethod#JACOBIAN}, whose base is 0
 * @param path (n, 2): how many Jacobians a row's path took, and the largest standard error of a
 *     contribution in the unit of the outputs, NaN for a single baseline; absent without a path
 */
public record Attributions(
    FloatMatrix embedding,
    DoubleMatrix exact,
    DoubleMatrix reconstruction,
    FloatMatrix check,
    Optional<FloatMatrix> contributions,
    Optional<FloatMatrix> reduced,
    Optional<FloatMatrix> base,
    Optional<FloatMatrix> path) {

  /** Results that were computed in float32, and are finite; their base is 0. */
  public Attributions(
      FloatMatrix embedding,
      FloatMatrix reconstruction,
      Optional<FloatMatrix> contributions,
      Optional<FloatMatrix> reduced) {
    this(
        embedding,
        DoubleMatrix.of(embedding),
        DoubleMatrix.of(reconstruction),
        FloatMatrix.allocateDirect(embedding.rows(), 1),
        contributions,
        reduced,
        Optional.empty(),
        Optional.empty());
  }

  /** Memory for the results of n rows of a model with O outputs and D features, with base 0. */
  public static Attributions allocate(
      int rows, int outputs, int features, ResultSelection selection) {
    return allocate(rows, outputs, features, selection, ContributionMethod.JACOBIAN);
  }

  /**
   * Memory for the results of n rows of a model with O outputs and D features.
   *
   * @param method what computes them
   */
  public static Attributions allocate(
      int rows, int outputs, int features, ResultSelection selection, ContributionMethod method) {
    return new Attributions(
        FloatMatrix.allocateDirect(rows, outputs),
        DoubleMatrix.allocateDirect(rows, outputs),
        DoubleMatrix.allocateDirect(rows, outputs),
        FloatMatrix.allocateDirect(rows, 1),
        Optional.of(selection)
            .filter(ResultSelection::contributions)
            .map(s -> FloatMatrix.allocateDirect(rows, Math.multiplyExact(outputs, features))),
        selection.reduction().map(r -> FloatMatrix.allocateDirect(rows, features)),
        Optional.of(method)
            .filter(m -> m != ContributionMethod.JACOBIAN)
            .map(m -> FloatMatrix.allocateDirect(rows, outputs)),
        Optional.of(method)
            .filter(ContributionMethod::hasPath)
            .map(m -> FloatMatrix.allocateDirect(rows, 2)));
  }

  /** n. */
  public int rows() {
    return embedding.rows();
  }

  /** Rows [from, to) by themselves; shares this memory. */
  public Attributions slice(int from, int to) {
    return new Attributions(
        embedding.slice(from, to),
        exact.slice(from, to),
        reconstruction.slice(from, to),
        check.slice(from, to),
        contributions.map(matrix -> matrix.slice(from, to)),
        reduced.map(matrix -> matrix.slice(from, to)),
        base.map(matrix -> matrix.slice(from, to)),
        path.map(matrix -> matrix.slice(from, to)));
  }
}
