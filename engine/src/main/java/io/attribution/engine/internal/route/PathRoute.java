package io.attribution.engine.internal.route;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.attribution.engine.attribution.Attributions;
import io.attribution.engine.attribution.ResultSelection;
import io.attribution.engine.attribution.Route;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.internal.path.PathIntegral;
import io.attribution.engine.internal.projection.FeatureProjection;
import io.attribution.engine.internal.torch.PyTorch;
import io.attribution.engine.matrix.FloatMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Contributions along paths from baselines: integrated gradients from one, expected gradients, the
 * mean of them, from several.
 */
final class PathRoute implements Route {
  private static final int[] LAST_AXIS = {1};

  /** Bounds what exists for a tile of rows, (t, O, K) or (t, O, D), a few times over. */
  private static final long TILE_BYTES = 64L << 20;

  private final NDManager memory;
  private final PathIntegral integral;
  private final FeatureProjection projection;
  private final ResultSelection selection;
  private final List<From> baselines = new ArrayList<>();
  private final NDArray base;
  private final int tile;
  private final int maxRows;

  /**
   * A baseline in native memory.
   *
   * @param standardized u_b, (1, D)
   * @param start b, (1, K)
   * @param outputs f(b), (1, O)
   */
  private record From(NDArray standardized, NDArray start, NDArray outputs) {}

  /**
   * @param plan with baselines
   * @param integral closed with this
   */
  PathRoute(
      ModelBundle bundle,
      JacobianEngine engine,
      ResultSelection selection,
      MethodPlan plan,
      PathIntegral integral) {
    this.maxRows = plan.maxRows();
    this.integral = integral;
    this.selection = selection;
    this.memory = PyTorch.newScope(engine.device());
    this.projection =
        new FeatureProjection(bundle.preprocessing(), plan.categories(), engine.device());
    for (int i = 0; i < plan.baselines().rows(); i++) {
      NDArray u = projection.standardize(PyTorch.array(memory, plan.baselines().slice(i, i + 1)));
      NDArray e = projection.encoderInputs(u);
      NDArray outputs = engine.outputs(projection.engineStarts(e, e));
      this.baselines.add(new From(projection.starts(u), e, outputs));
    }
    NDArray sum = this.baselines.stream().map(From::outputs).reduce(NDArray::add).orElseThrow();
    this.base = sum.div(this.baselines.size());
    long rowBytes =
        (long) Float.BYTES
            * bundle.outputCount()
            * Math.max(bundle.featureCount(), plan.inputSize(bundle));
    this.tile = (int) Math.max(1, Math.min(engine.preferredRows(), TILE_BYTES / rowBytes));
  }

  @Override
  public int maxRows() {
    return maxRows;
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
      NDArray u = projection.standardize(PyTorch.array(scope, features));
      NDArray e = projection.encoderInputs(u);
      Contributions sum = new Contributions(results.rows());
      NDArray ends = projection.ends(u);
      baselines.forEach(from -> sum.add(from, e, ends));
      fill(sum, results);
    }
  }

  /** The mean over the baselines so far, and how far they are from it (Welford's recurrence). */
  private final class Contributions {
    private final int[] nodes;
    private int count;
    private Optional<NDArray> outputs = Optional.empty();
    private Optional<NDArray> mean = Optional.empty();
    private Optional<NDArray> squares = Optional.empty();

    Contributions(int rows) {
      this.nodes = new int[rows];
    }

    void add(From from, NDArray e, NDArray u) {
      PathIntegral.Means means =
          integral.integrate(
              projection.engineInputs(e, from.start()),
              projection.engineStarts(e, from.start()),
              from.outputs());
      for (int row = 0; row < nodes.length; row++) {
        nodes[row] += means.nodes().get(row);
      }
      count++;
      outputs = Optional.of(means.outputs());
      NDArray c =
          FeatureProjection.contributions(
              projection.project(means.jacobian()), u.sub(from.standardized()));
      if (mean.isEmpty()) {
        mean = Optional.of(c);
        return;
      }
      NDArray before = c.sub(mean.get());
      NDArray after = mean.get().add(before.div(count));
      NDArray square = before.mul(c.sub(after));
      mean = Optional.of(after);
      squares = Optional.of(squares.map(s -> s.add(square)).orElse(square));
    }

    NDArray outputs() {
      return outputs.orElseThrow();
    }

    /** C, (n, O, D). */
    NDArray mean() {
      return mean.orElseThrow();
    }

    /** The largest of a row's contributions, (n); NaN for a single baseline. */
    float[] standardErrors() {
      if (squares.isEmpty()) {
        float[] none = new float[nodes.length];
        java.util.Arrays.fill(none, Float.NaN);
        return none;
      }
      NDArray variance = squares.get().div((float) count * (count - 1));
      return variance.reshape(nodes.length, -1).max(LAST_AXIS).sqrt().toFloatArray();
    }
  }

  private void fill(Contributions sum, Attributions results) {
    NDArray z = sum.outputs();
    NDArray contributions = sum.mean();
    NDArray reconstruction = contributions.sum(new int[] {2});
    NDArray change = z.toType(DataType.FLOAT64, true).sub(base.toType(DataType.FLOAT64, true));
    copy(z, results.embedding());
    results.exact().bytes().put(change.toByteBuffer(true));
    results
        .reconstruction()
        .bytes()
        .put(reconstruction.toType(DataType.FLOAT64, true).toByteBuffer(true));
    copy(base.broadcast(z.getShape()), results.base().orElseThrow());
    results.contributions().ifPresent(matrix -> copy(contributions, matrix));
    NDArray check = z.sum(LAST_AXIS).add(reconstruction.sum(LAST_AXIS));
    Optional<NDArray> reduced =
        selection.reduction().map(r -> FeatureProjection.reduce(r, contributions));
    reduced.ifPresent(r -> copy(r, results.reduced().orElseThrow()));
    copy(reduced.map(r -> check.add(r.sum(LAST_AXIS))).orElse(check), results.check());
    float[] errors = sum.standardErrors();
    FloatMatrix path = results.path().orElseThrow();
    for (int row = 0; row < results.rows(); row++) {
      path.setRow(row, new float[] {sum.nodes[row], errors[row]});
    }
  }

  private static void copy(NDArray array, FloatMatrix into) {
    into.bytes(0, into.rows()).put(array.toByteBuffer(true));
  }

  @Override
  public void close() {
    integral.close();
    projection.close();
    memory.close();
  }
}
