package io.attribution.engine.admission;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.bundle.EncoderGraph;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.bundle.Tensor;
import io.attribution.engine.internal.graph.CategoricalGraph;
import io.attribution.engine.internal.jacobian.Engines;
import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.internal.jacobian.Probe;
import io.attribution.engine.internal.projection.Categories;
import io.attribution.engine.internal.projection.FeatureProjection;
import io.attribution.engine.internal.torch.PyTorch;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.runtime.EngineKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An encoder that is cut behind its columns of indices, so that these have contributions too.
 * Checked against the encoder as it is: both ends of a path give its outputs, and numbers keep
 * their derivatives.
 */
final class CategoricalForm implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CategoricalForm.class);

  private final Categories categories;
  private JacobianEngine engine;
  private final FeatureProjection projection;

  private CategoricalForm(ModelBundle bundle, Categories categories, JacobianEngine engine) {
    this.categories = categories;
    this.engine = engine;
    this.projection =
        new FeatureProjection(bundle.preprocessing(), Optional.of(categories), engine.device());
  }

  /**
   * @param kind the engine that was chosen
   * @param rows e, (n, K), at which the encoder is finite
   * @param probe its answer there
   * @return nothing where no column is an index and nothing else
   */
  static Optional<CategoricalForm> of(
      Candidate candidate, EngineKind kind, FloatMatrix rows, Probe probe) {
    ModelBundle bundle = candidate.bundle();
    if (bundle.graph().isEmpty() || bundle.inputShape().size() != 1) {
      return Optional.empty();
    }
    try {
      Optional<CategoricalGraph> graph =
          CategoricalGraph.of(
              bundle.graph().get(), bundle.directory().resolve("model.json").toString());
      return graph.flatMap(g -> cut(candidate, kind, g, rows, probe));
    } catch (BundleException | EngineException e) {
      LOG.info("{}: the encoder cannot be cut behind its indices", bundle.directory(), e);
      return Optional.empty();
    }
  }

  private static Optional<CategoricalForm> cut(
      Candidate candidate, EngineKind kind, CategoricalGraph graph, FloatMatrix rows, Probe probe) {
    ModelBundle bundle = candidate.bundle();
    int width = bundle.inputSize();
    List<Integer> columns = columns(candidate, graph.columns());
    Optional<List<Integer>> features = features(bundle, columns);
    if (features.isEmpty() || !areOnlyIndices(columns, width, probe)) {
      LOG.info(
          "{}: encoder inputs {} are indices that contribute 0: {}",
          bundle.directory(),
          columns,
          features.isEmpty()
              ? "the preprocessing mixes them with others"
              : "some are used as numbers too");
      return Optional.empty();
    }
    ModelBundle cut = bundle.withGraph(graph.cut(width, columns), width + 2 * columns.size());
    JacobianEngine engine = Engines.open(cut, kind, candidate.engine().device());
    CategoricalForm form =
        new CategoricalForm(bundle, new Categories(width, columns, features.get()), engine);
    boolean agrees = false;
    try {
      form.take(cut, rows);
      agrees = form.agrees(candidate, new Candidate(cut, form.engine), rows, probe);
    } finally {
      if (!agrees) {
        form.close();
      }
    }
    if (!agrees) {
      LOG.info("{}: cut behind its indices the encoder gives something else", bundle.directory());
    }
    return agrees ? Optional.of(form) : Optional.empty();
  }

  /** Every index has the column that it comes from in its place. */
  private static List<Integer> columns(Candidate candidate, EncoderGraph columns) {
    ModelBundle bundle = candidate.bundle();
    int width = bundle.inputSize();
    float[] numbers = new float[width];
    for (int k = 0; k < width; k++) {
      numbers[k] = k;
    }
    try (JacobianEngine engine =
            Engines.open(
                bundle.withGraph(columns, width),
                EngineKind.AUTOGRAD,
                candidate.engine().device());
        NDManager scope = PyTorch.newScope(engine.device())) {
      TreeSet<Integer> found = new TreeSet<>();
      for (float column :
          engine.outputs(scope.create(numbers, new Shape(1, width))).toFloatArray()) {
        found.add((int) column);
      }
      return List.copyOf(found);
    }
  }

  /**
   * The raw feature of each column; nothing where one is mixed of several, or goes into several.
   */
  private static Optional<List<Integer>> features(ModelBundle bundle, List<Integer> columns) {
    Optional<Tensor> components = bundle.preprocessing().components();
    if (components.isEmpty()) {
      return Optional.of(columns);
    }
    List<Integer> features = new ArrayList<>();
    for (int column : columns) {
      float[] row = components.get().row(column);
      for (int d = 0; d < row.length; d++) {
        if (row[d] != 0) {
          features.add(row[d] == 1 && isAlone(components.get(), d) ? d : -1);
        }
      }
    }
    return features.size() == columns.size() && !features.contains(-1)
        ? Optional.of(features)
        : Optional.empty();
  }

  private static boolean isAlone(Tensor components, int feature) {
    int uses = 0;
    for (int k = 0; k < components.size(0); k++) {
      uses += components.row(k)[feature] != 0 ? 1 : 0;
    }
    return uses == 1;
  }

  /** Of an index the encoder has no derivative. */
  private static boolean areOnlyIndices(List<Integer> columns, int width, Probe probe) {
    FloatMatrix jacobian = probe.jacobian();
    for (int row = 0; row < jacobian.rows(); row++) {
      for (int at = 0; at < jacobian.columns(); at++) {
        if (jacobian.get(row, at) != 0 && columns.contains(at % width)) {
          return false;
        }
      }
    }
    return true;
  }

  private void take(ModelBundle cut, FloatMatrix rows) {
    engine = ReplacedOperators.fastest(cut, engine, ends(rows, rows.slice(0, 1))).engine();
  }

  private boolean agrees(Candidate given, Candidate cut, FloatMatrix rows, Probe probe) {
    float[][] base = new float[rows.rows()][];
    Arrays.fill(base, rows.row(rows.rows() - 1));
    FloatMatrix start = FloatMatrix.of(base).slice(0, 1);
    return agree(cut.run(ends(rows, start)), probe)
        && agree(cut.run(starts(rows, start)), given.run(FloatMatrix.of(base)));
  }

  private boolean agree(Probe cut, Probe given) {
    float[][] own = new float[given.jacobian().rows()][];
    for (int row = 0; row < own.length; row++) {
      own[row] = given.jacobian().row(row);
      int behind = 2 * categories.columns().size();
      for (int at = 0; at < own[row].length; at++) {
        int column = at % categories.width();
        if (!categories.columns().contains(column)) {
          int output = at / categories.width();
          own[row][at] = cut.jacobian().get(row, at + output * behind);
        }
      }
    }
    Probe numbers =
        new Probe(cut.outputs(), FloatMatrix.of(own), cut.reconstruction(), Optional.empty());
    Disagreement found = Disagreement.between(numbers, given, 0);
    return !found.hasOtherOutputs() && !found.hasOtherJacobians(own.length);
  }

  Categories categories() {
    return categories;
  }

  /** That of the encoder behind the cut; closed with this. */
  JacobianEngine engine() {
    return engine;
  }

  /**
   * @param rows e, (n, K)
   * @param base b, (1, K)
   * @return what the engine takes at the end of each row's path
   */
  FloatMatrix ends(FloatMatrix rows, FloatMatrix base) {
    return inputs(rows, base, projection::engineInputs);
  }

  /** The same at the start. */
  FloatMatrix starts(FloatMatrix rows, FloatMatrix base) {
    return inputs(rows, base, projection::engineStarts);
  }

  private FloatMatrix inputs(FloatMatrix rows, FloatMatrix base, BinaryOperator<NDArray> make) {
    try (NDManager scope = PyTorch.newScope(engine.device())) {
      NDArray made = make.apply(PyTorch.array(scope, rows), PyTorch.array(scope, base));
      FloatMatrix inputs = FloatMatrix.allocateDirect(rows.rows(), (int) made.getShape().get(1));
      inputs.bytes(0, inputs.rows()).put(made.toByteBuffer(true));
      return inputs;
    }
  }

  /** Its engine, for the caller to close; the rest is freed. */
  JacobianEngine release() {
    projection.close();
    return engine;
  }

  @Override
  public void close() {
    projection.close();
    engine.close();
  }
}
