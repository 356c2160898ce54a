package io.attribution.engine.admission;

import io.attribution.engine.attribution.Attributor;
import io.attribution.engine.attribution.ExplainedRow;
import io.attribution.engine.attribution.ResultSelection;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.diagnosis.Finding;
import io.attribution.engine.internal.diagnosis.Diagnosis;
import io.attribution.engine.internal.jacobian.Devices;
import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.internal.projection.Categories;
import io.attribution.engine.internal.route.MethodPlan;
import io.attribution.engine.internal.route.Routes;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.reduction.Reduction;
import java.util.List;

/**
 * A bundle that passed the admission check, with its encoder loaded. Holds native memory until it
 * is closed: the encoder's weights. Safe for use by several threads, until it is closed.
 */
public final class AdmittedModel implements AutoCloseable {
  private final ModelBundle bundle;
  private final JacobianEngine engine;
  private final MethodPlan plan;
  private final AdmissionReport report;

  /**
   * @param engine closed with this
   */
  AdmittedModel(
      ModelBundle bundle, JacobianEngine engine, MethodPlan plan, AdmissionReport report) {
    this.plan = plan;
    this.bundle = bundle;
    this.engine = engine;
    this.report = report;
  }

  /** What was read from the folder. */
  public ModelBundle bundle() {
    return bundle;
  }

  /** What the check found, with the engine that runs. */
  public AdmissionReport report() {
    return report;
  }

  /** Where it computes: cpu or gpu:N. */
  public String device() {
    return Devices.label(engine.device());
  }

  JacobianEngine engine() {
    return engine;
  }

  /** An attributor for this model; the caller closes it before the model. */
  public Attributor attributor(ResultSelection selection) {
    return attributor(selection, 0);
  }

  /**
   * An attributor that checks its engine while it runs; the caller closes it before the model.
   *
   * @param checkInterval every N batches the compiled layers are compared with the layers one by
   *     one on a few rows, and replaced by them when they are wrong; 0 for never. Other engines are
   *     not checked
   */
  public Attributor attributor(ResultSelection selection, int checkInterval) {
    return new Attributor(
        bundle,
        selection,
        plan.method(),
        plan.categories().map(Categories::features).orElse(List.of()),
        Routes.of(bundle, engine, selection, plan, checkInterval));
  }

  /**
   * The training rows that the bundle carries, with their reduced contributions, computed as any
   * other rows are; none when the bundle has no reference.
   *
   * @throws io.attribution.engine.bundle.BundleException when a row cannot be explained; names the
   *     row and the reason
   */
  public List<ExplainedRow> explainReference(Reduction reduction) {
    return ReferenceRows.explain(this, reduction);
  }

  /**
   * Why contributions no longer add up; for the method jacobian, why f(e) = J(e)·e does not hold.
   * Computes some hundred rows: well below a second on two cores for ordinary encoders. Never
   * throws because of the encoder: what fails is part of the finding.
   *
   * @param rows raw feature rows seen lately, (n, D); may be few or none
   */
  public Finding diagnose(FloatMatrix rows) {
    return switch (plan.method()) {
      case INTEGRATED_GRADIENTS, EXPECTED_GRADIENTS ->
          Finding.unknown(
              "Paths of %d nodes are too short for these records: allow more"
                  + " (method.nodes.max), or give the bundle a tolerance that you can accept",
              plan.maxNodes());
      case AFFINE ->
          Finding.unknown(
              "The encoder is not piecewise linear with constants any more; validate the bundle with"
                  + " method auto");
      default -> Diagnosis.of(bundle, engine, rows);
    };
  }

  /** Frees the encoder. */
  @Override
  public void close() {
    engine.close();
  }
}
