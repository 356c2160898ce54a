package io.attribution.engine.internal.route;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.attribution.engine.attribution.Attributions;
import io.attribution.engine.attribution.ResultSelection;
import io.attribution.engine.attribution.Route;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.internal.jacobian.Linearization;
import io.attribution.engine.internal.projection.FeatureProjection;
import io.attribution.engine.internal.torch.PyTorch;
import io.attribution.engine.matrix.DoubleMatrix;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.method.ContributionMethod;
import java.util.Optional;

/**
 * Step by step with any engine, a tile of rows at a time: only what is selected leaves native
 * memory, and no array (t, O, D) grows with the batch.
 */
final class SteppedRoute implements Route {
  private static final int[] LAST_AXIS = {1};

  /** Bounds a tile's largest array, (t, O, D) or (t, O, K). */
  private static final long TILE_BYTES = 64L << 20;

  private static final int MIN_TILE = 16;

  private final NDManager memory;
  private final JacobianEngine engine;
  private final FeatureProjection projection;
  private final ResultSelection selection;
  private final boolean ownsEngine;
  private final boolean affine;
  private final NDArray base;
  private final int tile;

  /**
   * @param plan without a path
   * @param ownsEngine whether the engine is closed with this
   */
  SteppedRoute(
      ModelBundle bundle,
      JacobianEngine engine,
      ResultSelection selection,
      MethodPlan plan,
      boolean ownsEngine) {
    this.engine = engine;
    this.affine = plan.method() == ContributionMethod.AFFINE;
    this.ownsEngine = ownsEngine;
    this.memory = PyTorch.newScope(engine.device());
    this.projection =
        new FeatureProjection(bundle.preprocessing(), plan.categories(), engine.device());
    this.base =
        plan.baselines().rows() == 0
            ? memory.zeros(new Shape(1, bundle.inputSize()))
            : projection.encoderInputs(
                projection.standardize(PyTorch.array(memory, plan.baselines())));
    this.selection = selection;
    long rowBytes =
        (long) Float.BYTES
            * bundle.outputCount()
            * Math.max(bundle.featureCount(), plan.inputSize(bundle));
    this.tile = (int) Math.max(MIN_TILE, Math.min(engine.preferredRows(), TILE_BYTES / rowBytes));
  }

  @Override
  public void attribute(FloatMatrix features, Attributions results) {
    for (int from = 0; from < features.rows(); from += tile) {
      int to = Math.min(features.rows(), from + tile);
      attributeTile(features.slice(from, to), results.slice(from, to));
    }
  }

  private void attributeTile(FloatMatrix features, Attributions results) {
    try (NDManager scope = memory.newSubManager()) {
      NDArray standardized = projection.standardize(PyTorch.array(scope, features));
      NDArray inputs = projection.engineInputs(projection.encoderInputs(standardized), base);
      Linearization f = affine ? engine.linearizeWithIntercept(inputs) : engine.linearize(inputs);
      NDArray reconstruction = f.reconstruct(inputs);
      copy(f.outputs(), results.embedding());
      NDArray z = wide(f.outputs());
      put(f.intercept().map(c -> z.sub(wide(c))).orElse(z), results.exact());
      f.intercept().ifPresent(c -> copy(c, results.base().orElseThrow()));
      put(wide(reconstruction), results.reconstruction());
      NDArray check = f.outputs().sum(LAST_AXIS).add(reconstruction.sum(LAST_AXIS));
      copy(check.add(contribute(f, projection.ends(standardized), results)), results.check());
    }
  }

  /** Fills C and R; returns a number per row that is not finite when one of them is not. */
  private NDArray contribute(Linearization f, NDArray standardized, Attributions results) {
    NDArray check = f.outputs().getManager().zeros(new Shape(results.rows()));
    if (!selection.contributions() && selection.reduction().isEmpty()) {
      return check;
    }
    NDArray contributions =
        FeatureProjection.contributions(projection.project(f.jacobian()), standardized);
    Optional<NDArray> reduced =
        selection.reduction().map(r -> FeatureProjection.reduce(r, contributions));
    results.contributions().ifPresent(matrix -> copy(contributions, matrix));
    results.reduced().ifPresent(matrix -> copy(reduced.orElseThrow(), matrix));
    NDArray checked = check.add(contributions.sum(new int[] {1, 2}));
    return reduced.map(r -> checked.add(r.sum(LAST_AXIS))).orElse(checked);
  }

  private static void copy(NDArray array, FloatMatrix into) {
    into.bytes(0, into.rows()).put(array.toByteBuffer(true));
  }

  private static NDArray wide(NDArray array) {
    return array.toType(DataType.FLOAT64, true);
  }

  private static void put(NDArray array, DoubleMatrix into) {
    into.bytes().put(array.toByteBuffer(true));
  }

  @Override
  public void close() {
    projection.close();
    memory.close();
    if (ownsEngine) {
      engine.close();
    }
  }
}
