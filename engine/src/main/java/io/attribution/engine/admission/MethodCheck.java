package io.attribution.engine.admission;

import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.bundle.Tensor;
import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.internal.jacobian.Probe;
import io.attribution.engine.internal.path.PathProbe;
import io.attribution.engine.internal.projection.Categories;
import io.attribution.engine.internal.projection.FeatureProjection;
import io.attribution.engine.internal.route.MethodPlan;
import io.attribution.engine.matrix.DoubleMatrix;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.method.Baseline;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.method.MethodChoice;
import io.attribution.engine.verification.VerificationSummary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Chooses a bundle's method, and finds out on the probe rows how well its contributions add up. */
final class MethodCheck {
  /**
   * Counts and no times, so that every instance chooses the same rule. At most some thousand
   * Jacobians for all rules and the check together: seconds, even for small networks of images.
   */
  private static final int CALIBRATION_ROWS = 4;

  private static final int CALIBRATION_NODES = 99;

  /** Probe rows of an encoder whose Jacobians are large: they are slow as well. */
  private static final int FEW_ROWS = 8;

  private static final long LARGE_JACOBIAN = 1 << 12;

  /** Rows of the reference that expected gradients start from. */
  private static final int EXPECTED_BASELINES = 32;

  /** A batch for which every row takes all nodes; well below a transaction's timeout of 10 s. */
  private static final double BATCH_NANOS = 2e9;

  private static final long SEED = 20_261_201;

  private final Candidate candidate;
  private final ModelBundle bundle;
  private final Optional<CategoricalForm> categorical;

  /** Of every method but jacobian. */
  private final JacobianEngine engine;

  private final MethodChoice choice;
  private final FloatMatrix rows;
  private final Probe probe;

  /**
   * @param categorical the encoder cut behind its columns of indices, if it has any
   * @param rows e, (n, K), at which the encoder is finite
   * @param probe its answer there
   */
  MethodCheck(
      Candidate candidate,
      Optional<CategoricalForm> categorical,
      MethodChoice choice,
      FloatMatrix rows,
      Probe probe) {
    this.candidate = candidate;
    this.bundle = candidate.bundle();
    this.categorical = categorical;
    this.engine = categorical.map(CategoricalForm::engine).orElse(candidate.engine());
    this.choice = choice;
    this.rows = rows;
    this.probe = probe;
  }

  /**
   * A method that was checked.
   *
   * @param plan how contributions will be computed
   * @param summary how well they add up on the probe rows
   * @param exact whether that is within the bundle's tolerance
   * @param line says so
   */
  record Checked(MethodPlan plan, VerificationSummary summary, boolean exact, String line) {}

  /** The method that is asked for; may be automatic. */
  static ContributionMethod wanted(ModelBundle bundle, MethodChoice choice) {
    return choice.method().orElse(bundle.method());
  }

  /**
   * @throws BundleException when the bundle lacks what the method needs
   */
  Checked check() {
    return switch (wanted(bundle, choice)) {
      case AUTO -> automatic();
      case JACOBIAN -> jacobian();
      case AFFINE -> affine();
      case INTEGRATED_GRADIENTS ->
          path(ContributionMethod.INTEGRATED_GRADIENTS, FloatMatrix.of(baseline()));
      case EXPECTED_GRADIENTS -> path(ContributionMethod.EXPECTED_GRADIENTS, referenceRows());
    };
  }

  /** The first method that adds up; they are in the order of their cost. */
  private Checked automatic() {
    Checked jacobian = jacobian();
    if (jacobian.exact()) {
      return jacobian;
    }
    if (engine.knowsConstants() || candidate.engine().knowsConstants()) {
      Checked affine = affine();
      if (affine.exact()) {
        return affine;
      }
    }
    return path(ContributionMethod.INTEGRATED_GRADIENTS, FloatMatrix.of(baseline()));
  }

  private Checked jacobian() {
    VerificationSummary summary =
        summary(DoubleMatrix.of(probe.outputs()), DoubleMatrix.of(probe.reconstruction()));
    return checked(
        MethodPlan.of(ContributionMethod.JACOBIAN),
        summary,
        "f(e) = J(e)·e",
        "approximate, its contributions need not add up to the embedding; those of method auto do,"
            + " see docs/methods.md");
  }

  /**
   * With what categories contribute, where that adds up. Else their embeddings count as constants,
   * near a row, whatever the encoder makes of them.
   */
  private Checked affine() {
    if (categorical.isPresent() && engine.knowsConstants()) {
      FloatMatrix baseline = FloatMatrix.of(baseline());
      FloatMatrix base = encoderInputs(baseline);
      requireFinite(base);
      Checked checked =
          affine(
              engine,
              ends(rows, base),
              MethodPlan.of(ContributionMethod.AFFINE, baseline, categories()));
      if (checked.exact() || !candidate.engine().knowsConstants()) {
        return checked;
      }
    }
    return affine(candidate.engine(), rows, MethodPlan.of(ContributionMethod.AFFINE));
  }

  private Checked affine(JacobianEngine encoder, FloatMatrix inputs, MethodPlan plan) {
    if (!encoder.knowsConstants()) {
      throw new BundleException(
          bundle.directory()
              + ": method affine needs an encoder whose constants are known, from layers or a graph"
              + " in model.json; choose integrated_gradients");
    }
    Probe withIntercept = Probe.withIntercept(encoder, inputs);
    FloatMatrix intercept = withIntercept.intercept().orElseThrow();
    DoubleMatrix change = DoubleMatrix.of(withIntercept.outputs());
    for (int row = 0; row < change.rows(); row++) {
      for (int output = 0; output < change.columns(); output++) {
        change.set(row, output, change.get(row, output) - intercept.get(row, output));
      }
    }
    return checked(
        plan,
        summary(change, DoubleMatrix.of(withIntercept.reconstruction())),
        "f(e) = J(e)·e + c(e), c from the encoder's constants,",
        "approximate, its contributions and the intercept need not add up to the embedding");
  }

  private void requireFinite(FloatMatrix base) {
    if (candidate.run(base).outputs().firstNotFinite(0).isPresent()) {
      throw candidate.refuse("gives NaN or infinite outputs at the baseline; choose another one");
    }
  }

  private Checked path(ContributionMethod method, FloatMatrix baselines) {
    FloatMatrix base = encoderInputs(baselines.slice(0, 1));
    requireFinite(base);
    int maxNodes = choice.maxNodes();
    int rule =
        PathProbe.cheapestRule(
            engine,
            ends(calibrationRows(), base),
            starts(calibrationRows(), base),
            bundle.tolerance(),
            Math.min(maxNodes, CALIBRATION_NODES));
    boolean large = (long) bundle.outputCount() * bundle.inputSize() > LARGE_JACOBIAN;
    FloatMatrix some = large ? rows.slice(0, Math.min(FEW_ROWS, rows.rows())) : rows;
    PathProbe path =
        PathProbe.of(
            engine, ends(some, base), starts(some, base), rule, bundle.tolerance(), maxNodes);
    return checked(
        new MethodPlan(
            method,
            baselines,
            categories(),
            rule,
            maxNodes,
            bundle.tolerance(),
            (int) Math.max(1, BATCH_NANOS / (path.nanosPerNode() * maxNodes * baselines.rows()))),
        path.summary(),
        String.format(
            Locale.ROOT,
            "f(e) = f(b) + Σ contributions, %d nodes at the median and %d at most,",
            median(path.nodes()),
            Collections.max(path.nodes())),
        String.format(
            Locale.ROOT,
            "approximate for %d of them; each record says what it reached",
            some.rows() - path.within(bundle.tolerance())));
  }

  private Optional<Categories> categories() {
    return categorical.map(CategoricalForm::categories);
  }

  private FloatMatrix encoderInputs(FloatMatrix features) {
    return FeatureProjection.encoderInputs(bundle.preprocessing(), engine.device(), features);
  }

  /** What the engine takes at the ends of paths. */
  private FloatMatrix ends(FloatMatrix inputs, FloatMatrix base) {
    return categorical.map(c -> c.ends(inputs, base)).orElse(inputs);
  }

  /** The same at their starts. */
  private FloatMatrix starts(FloatMatrix inputs, FloatMatrix base) {
    return categorical.map(c -> c.starts(inputs, base)).orElse(base);
  }

  private static int median(List<Integer> nodes) {
    return nodes.stream().sorted().toList().get(nodes.size() / 2);
  }

  private Checked checked(
      MethodPlan plan, VerificationSummary summary, String what, String otherwise) {
    boolean exact = summary.relativeError() <= bundle.tolerance();
    return new Checked(
        plan,
        summary,
        exact,
        String.format(
            Locale.ROOT,
            "%s within %.1e on %d probe rows: %s (tolerance %.1e)",
            what,
            summary.relativeError(),
            summary.count(),
            exact ? label(plan.method()) : otherwise,
            bundle.tolerance()));
  }

  private static String label(ContributionMethod method) {
    return method.hasPath() ? "complete" : "exact";
  }

  private static VerificationSummary summary(DoubleMatrix z, DoubleMatrix reconstruction) {
    return IntStream.range(0, z.rows())
        .mapToObj(row -> VerificationSummary.ofRow(z, reconstruction, row))
        .reduce(VerificationSummary.EMPTY, VerificationSummary::merge);
  }

  /** Raw features, D values. The mean of an index is none: there the most frequent one counts. */
  private float[] baseline() {
    Optional<Tensor> given = choice.baseline().isEmpty() ? bundle.baseline() : Optional.empty();
    if (given.isPresent()) {
      return given.get().values();
    }
    float[] zeros = new float[bundle.featureCount()];
    if (choice.baseline().filter(b -> b != Baseline.MEAN).isPresent()) {
      return zeros;
    }
    float[] start = bundle.preprocessing().mean().map(m -> m.values().clone()).orElse(zeros);
    bundle
        .reference()
        .ifPresent(
            reference ->
                categories()
                    .map(Categories::features)
                    .orElse(List.of())
                    .forEach(feature -> start[feature] = mostFrequent(reference, feature)));
    return start;
  }

  /** The smallest of those, so that it is always the same one. */
  private static float mostFrequent(Tensor reference, int feature) {
    Map<Float, Integer> counts = new TreeMap<>();
    for (int row = 0; row < reference.size(0); row++) {
      counts.merge(reference.row(row)[feature], 1, Integer::sum);
    }
    int most = Collections.max(counts.values());
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() == most)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  /** Always the same ones for one reference. */
  private FloatMatrix referenceRows() {
    Tensor reference =
        bundle
            .reference()
            .orElseThrow(
                () ->
                    new BundleException(
                        bundle.directory()
                            + ": method expected_gradients needs reference in model.json; export"
                            + " with --reference, or choose integrated_gradients"));
    List<Integer> order = new ArrayList<>(IntStream.range(0, reference.size(0)).boxed().toList());
    Collections.shuffle(order, new Random(SEED));
    return FloatMatrix.of(
        order.stream().limit(EXPECTED_BASELINES).map(reference::row).toArray(float[][]::new));
  }

  /** Those of the reference are like the records to come; the probe rows are what there is else. */
  private FloatMatrix calibrationRows() {
    if (bundle.reference().isEmpty()) {
      return rows.slice(0, Math.min(CALIBRATION_ROWS, rows.rows()));
    }
    Tensor reference = bundle.reference().get();
    float[][] first = new float[Math.min(CALIBRATION_ROWS, reference.size(0))][];
    for (int row = 0; row < first.length; row++) {
      first[row] = reference.row(row);
    }
    return encoderInputs(FloatMatrix.of(first));
  }
}
