package io.attribution.engine.admission;

import io.attribution.engine.bundle.EncoderGraph;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.bundle.Tensor;
import io.attribution.engine.internal.graph.CategoricalGraph;
import io.attribution.engine.internal.jacobian.Engines;
import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.internal.jacobian.Probe;
import io.attribution.engine.internal.projection.Categories;
import io.attribution.engine.internal.projection.FeatureProjection;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.runtime.EngineKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
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
    } catch (RuntimeException e) {
      LOG.info(
          "{}: the encoder cannot be cut behind its indices: {}", bundle.directory(), e.toString());
      LOG.debug("{}", bundle.directory(), e);
      return Optional.empty();
    }
  }

  private static Optional<CategoricalForm> cut(
      Candidate candidate, EngineKind kind, CategoricalGraph graph, FloatMatrix rows, Probe probe) {
    ModelBundle bundle = candidate.bundle();
    int width = bundle.inputSize();
    Map<Integer, Integer> features = new TreeMap<>();
    Set<String> behind = new HashSet<>();
    List<List<Integer>> columns = columns(candidate, graph.columns());
    for (int i = 0; i < columns.size(); i++) {
      List<Integer> own = columns.get(i);
      Map<Integer, Integer> ownFeatures = new HashMap<>();
      own.forEach(column -> feature(bundle, column).ifPresent(d -> ownFeatures.put(column, d)));
      if (ownFeatures.size() == own.size() && areOnlyIndices(own, width, probe)) {
        features.putAll(ownFeatures);
        behind.add(graph.indices().get(i));
      } else {
        LOG.info(
            "{}: encoder inputs {} contribute 0 as indices: they are numbers too, or mixed with"
                + " others by the preprocessing",
            bundle.directory(),
            own);
      }
    }
    if (features.isEmpty()) {
      return Optional.empty();
    }
    List<Integer> all = List.copyOf(features.keySet());
    ModelBundle cut = bundle.withGraph(graph.cut(width, all, behind), width + 2 * all.size());
    JacobianEngine engine = Engines.open(cut, kind, candidate.engine().device());
    CategoricalForm form =
        new CategoricalForm(
            bundle, new Categories(width, all, List.copyOf(features.values())), engine);
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

  /** Of each of the graph's indices: the columns that it is made of. */
  private static List<List<Integer>> columns(Candidate candidate, EncoderGraph columns) {
    ModelBundle bundle = candidate.bundle();
    int width = bundle.inputSize();
    float[] numbers = new float[width];
    for (int k = 0; k < width; k++) {
      numbers[k] = k;
    }
    try (JacobianEngine engine =
        Engines.open(
            bundle.withGraph(columns, width), EngineKind.AUTOGRAD, candidate.engine().device())) {
      List<List<Integer>> found = new ArrayList<>();
      TreeSet<Integer> own = new TreeSet<>();
      for (float column : Probe.outputs(engine, FloatMatrix.of(numbers)).row(0)) {
        if (column < 0) {
          found.add(List.copyOf(own));
          own.clear();
        } else {
          own.add((int) column);
        }
      }
      return found;
    }
  }

  /** The raw feature of a column; nothing where it is mixed of several, or goes into several. */
  private static Optional<Integer> feature(ModelBundle bundle, int column) {
    Optional<Tensor> components = bundle.preprocessing().components();
    if (components.isEmpty()) {
      return Optional.of(column);
    }
    int width = bundle.featureCount();
    float[] values = components.get().values();
    List<Integer> features =
        IntStream.range(0, width).filter(d -> values[column * width + d] != 0).boxed().toList();
    if (features.size() != 1) {
      return Optional.empty();
    }
    int feature = features.get(0);
    long uses =
        IntStream.range(0, bundle.inputSize())
            .filter(k -> values[k * width + feature] != 0)
            .count();
    return uses == 1 && values[column * width + feature] == 1
        ? Optional.of(feature)
        : Optional.empty();
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
    return projection.engineInputs(rows, base);
  }

  /** The same at the start. */
  FloatMatrix starts(FloatMatrix rows, FloatMatrix base) {
    return projection.engineStarts(rows, base);
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
