package io.attribution.engine.admission;

import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.bundle.EncoderGraph;
import io.attribution.engine.bundle.EncoderProbe;
import io.attribution.engine.bundle.LayerRecognition;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.internal.jacobian.Engines;
import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.internal.jacobian.Probe;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.method.MethodChoice;
import io.attribution.engine.runtime.EngineChoice;
import io.attribution.engine.runtime.EngineKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a bundle must pass before it explains a record: its encoder runs, returns one row of finite
 * outputs per row, treats rows independently, and agrees with its own layers. Then its method is
 * chosen, and how well contributions add up labels the bundle exact, complete or approximate.
 */
public final class AdmissionCheck {
  private final ModelBundle bundle;
  private final Candidate candidate;
  private final EngineKind kind;
  private final Optional<String> refused;
  private final List<String> checks = new ArrayList<>();

  /**
   * @param kind the engine that was chosen
   * @param refused why its faster form does not run
   */
  private AdmissionCheck(Candidate candidate, EngineKind kind, Optional<String> refused) {
    this.kind = kind;
    this.refused = refused;
    this.bundle = candidate.bundle();
    this.candidate = candidate;
  }

  /**
   * Loads the encoder and runs every check, in float32 on the CPU. Takes up to some seconds; may be
   * called from any thread.
   *
   * @return the model, for the caller to close
   * @throws BundleException when a check fails; says which and why
   */
  public static AdmittedModel admit(ModelBundle bundle, EngineKind kind) {
    return admit(bundle, EngineChoice.of(kind));
  }

  /**
   * Loads the encoder and runs every check. Takes up to some seconds; may be called from any
   * thread.
   *
   * @return the model, for the caller to close
   * @throws BundleException when a check fails; says which and why
   * @throws io.attribution.engine.runtime.DeviceException when libtorch cannot use the device
   */
  public static AdmittedModel admit(ModelBundle bundle, EngineChoice choice) {
    JacobianEngine engine = Engines.open(bundle, choice);
    try {
      ReplacedOperators.Taken taken =
          ReplacedOperators.fastest(bundle, engine, ProbeRows.of(bundle));
      engine = taken.engine();
      return new AdmissionCheck(new Candidate(bundle, engine), choice.kind(), taken.refused())
          .admit(choice.method());
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  private AdmittedModel admit(MethodChoice choice) {
    FloatMatrix all = ProbeRows.of(bundle);
    Probe first = candidate.run(all);
    checks.add(
        "n rows of shape " + bundle.inputShape() + " give (n, " + bundle.outputCount() + ")");
    bundle.probe().ifPresent(exporter -> checkAgainstExporter(first, exporter));
    FloatMatrix rows = finiteRows(all, first);
    Probe probe = candidate.run(rows);
    checkRepeatability(rows, probe);
    checkIndependence(rows, probe);
    if (!candidate.engine().isAsGiven()) {
      checks.add("faster operators in the place of prelu and linear give the same");
    }
    bundle.graph().ifPresent(this::nameObstacle);
    checkLayersAgainstEncoder(rows, probe);
    Optional<CategoricalForm> categorical =
        MethodCheck.wanted(bundle, choice) == ContributionMethod.JACOBIAN
            ? Optional.empty()
            : CategoricalForm.of(candidate, kind, rows, probe);
    try {
      return admitted(
          new MethodCheck(candidate, categorical, choice, rows, probe).check(), categorical);
    } catch (RuntimeException e) {
      categorical.ifPresent(CategoricalForm::close);
      throw e;
    }
  }

  private AdmittedModel admitted(
      MethodCheck.Checked method, Optional<CategoricalForm> categorical) {
    method
        .plan()
        .categories()
        .ifPresent(c -> checks.add(comparison(c.features(), method.plan().baselines())));
    checks.add(method.line());
    JacobianEngine engine = candidate.engine();
    if (method.plan().categories().isPresent()) {
      engine.close();
      engine = categorical.orElseThrow().release();
    } else {
      categorical.ifPresent(CategoricalForm::close);
    }
    return new AdmittedModel(
        bundle,
        engine,
        method.plan(),
        new AdmissionReport(
            engine.kind(),
            method.plan().method(),
            List.copyOf(checks),
            method.summary(),
            method.exact()));
  }

  private String comparison(List<Integer> categories, FloatMatrix baselines) {
    String with =
        categories.stream()
            .map(
                feature ->
                    bundle.features().get(feature)
                        + (baselines.rows() == 1
                            ? " = " + Math.round(baselines.get(0, feature))
                            : ""))
            .collect(Collectors.joining(", "));
    return "categories are compared with "
        + with
        + (baselines.rows() == 1 ? "" : " of " + baselines.rows() + " rows of the reference");
  }

  private void checkAgainstExporter(Probe probe, EncoderProbe exporter) {
    Disagreement found = Disagreement.between(probe, exporter);
    int rows = exporter.inputs().size(0);
    if (found.missesReference() || found.hasOtherJacobians(rows)) {
      throw candidate.refuse(
          String.format(
              Locale.ROOT,
              "gives other results than the exporter computed in float64 (outputs by %.1e relative,"
                  + " Jacobians on %d of %d probe rows); export it again, in evaluation mode and in"
                  + " float32",
              found.outputs(),
              found.jacobians(),
              rows));
    }
    checks.add(
        String.format(
            Locale.ROOT,
            "outputs within %.1e of the exporter's in float64, Jacobians the same on %d of %d rows",
            found.outputs(),
            rows - found.jacobians(),
            rows));
  }

  /** Why no faster engine runs. */
  private void nameObstacle(EncoderGraph graph) {
    Optional<String> layers =
        LayerRecognition.of(graph, bundle.inputShape(), bundle.outputCount()).obstacle();
    Optional<String> derivative =
        candidate.engine().kind() == EngineKind.AUTOGRAD
            ? Engines.obstacle(bundle)
                .map(operator -> "has no derivative of " + operator)
                .or(() -> refused)
            : Optional.empty();
    layers.ifPresent(
        operator ->
            checks.add(
                "engine "
                    + candidate.engine().kind().label()
                    + " runs: engine layers does not know "
                    + operator
                    + derivative.map(why -> ", engine graph " + why).orElse("")));
  }

  private FloatMatrix finiteRows(FloatMatrix rows, Probe probe) {
    List<float[]> finite = ProbeRows.finite(rows, probe);
    if (finite.size() < 2) {
      throw candidate.refuse("gives NaN or infinite outputs for ordinary inputs");
    }
    checks.add(finite.size() + " of " + rows.rows() + " probe rows give finite outputs");
    return FloatMatrix.of(finite.toArray(float[][]::new));
  }

  private void checkRepeatability(FloatMatrix rows, Probe first) {
    if (Disagreement.between(candidate.run(rows), first, 0).hasOtherOutputs()) {
      throw candidate.refuse(
          "gives other outputs when it runs again on the same rows; remove what draws random"
              + " numbers (dropout called with training=True, sampling)");
    }
    checks.add("the same rows give the same outputs");
  }

  /** In halves first: some encoders that mix rows fail on a row alone, with another message. */
  private void checkIndependence(FloatMatrix rows, Probe together) {
    for (int size : new int[] {(rows.rows() + 1) / 2, 1}) {
      Disagreement parts = Disagreement.NONE;
      for (int from = 0; from < rows.rows(); from += size) {
        FloatMatrix part = rows.slice(from, Math.min(from + size, rows.rows()));
        parts = parts.and(Disagreement.between(candidate.run(part), together, from));
      }
      requireIndependence(parts, rows.rows());
    }
    checks.add("rows are independent of each other");
  }

  private void requireIndependence(Disagreement parts, int rows) {
    if (parts.hasOtherOutputs()) {
      throw candidate.refuse(
          "mixes rows: a row's outputs depend on the other rows of its batch, so that no row has a"
              + " Jacobian of its own; freeze batch statistics (call eval(), keep running"
              + " statistics)");
    }
    if (parts.hasOtherJacobians(rows)) {
      throw candidate.refuse("mixes rows: their Jacobians depend on the rest of their batch");
    }
  }

  private void checkLayersAgainstEncoder(FloatMatrix rows, Probe probe) {
    boolean autograd = candidate.engine().kind() == EngineKind.AUTOGRAD;
    // Nobody described the layers of a graph: where they do not run, they need not be right.
    boolean compared = bundle.graph().isPresent() ? !autograd : bundle.encoder().isPresent();
    boolean derivative = candidate.engine().kind() == EngineKind.GRAPH;
    if ((bundle.layers().isEmpty() && !derivative) || !compared) {
      return;
    }
    EngineKind other = autograd ? EngineKind.LAYERS : EngineKind.AUTOGRAD;
    try (JacobianEngine second = Engines.open(bundle, other, candidate.engine().device())) {
      Probe answer = new Candidate(bundle, second).run(rows);
      requireAgreement(Disagreement.between(answer, probe, 0), rows.rows());
    }
    checks.add(
        bundle.graph().isPresent()
            ? (derivative ? "the compiled derivative" : "the compiled layers")
                + " and the graph's operators agree"
            : "layers and encoder.pt agree");
  }

  private void requireAgreement(Disagreement routes, int rows) {
    boolean isGraph = bundle.graph().isPresent();
    if (routes.hasOtherOutputs() || routes.hasOtherJacobians(rows)) {
      throw new BundleException(
          String.format(
              Locale.ROOT,
              "%s: %s disagree (outputs by %.1e relative, Jacobians on %d of %d probe rows); %s",
              bundle.directory(),
              isGraph
                  ? "the layers read from the graph and its operators"
                  : "layers in model.json and encoder.pt",
              routes.outputs(),
              routes.jacobians(),
              rows,
              isGraph
                  ? "choose engine autograd, which runs the operators, and report this"
                  : "export them from the same module, or leave one out"));
    }
  }
}
