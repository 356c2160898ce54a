package io.attribution.stream.models;

import io.attribution.engine.admission.AdmittedModel;
import io.attribution.engine.admission.ReferenceRows;
import io.attribution.engine.attribution.Attributor;
import io.attribution.engine.attribution.ExplainedRow;
import io.attribution.engine.attribution.FaultIsolation;
import io.attribution.engine.attribution.Outcome;
import io.attribution.engine.attribution.ResultMemory;
import io.attribution.engine.attribution.Wanted;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.diagnosis.Diagnosis;
import io.attribution.engine.diagnosis.Finding;
import io.attribution.engine.jacobian.DeviceChoice;
import io.attribution.engine.jacobian.LayerwiseEngine;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.reduction.Reduction;
import io.attribution.stream.pending.BatchPolicy;
import io.attribution.stream.serde.ModelIdentity;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An admitted model at work in the stream. */
public final class ModelExplainer implements Explainer, AutoCloseable {
  private final AdmittedModel admitted;
  private final ModelIdentity identity;
  private final ModelIdentity fallback;
  private final Attributor attributor;
  private final FaultIsolation isolation;
  private final BatchPolicy policy;
  private final Wanted wanted;
  private final int checkInterval;

  /** For who wants more than is published; made when somebody does. */
  private @Nullable ModelExplainer complement;

  /** A thread has forwarded a batch's results before it explains the next one. */
  private final ThreadLocal<ResultMemory> memory;

  /**
   * @param model closed with this
   * @param wanted which results are published
   * @param checkInterval batches from one check of the engine to the next; 0 for none
   */
  public ModelExplainer(AdmittedModel model, Wanted wanted, BatchPolicy policy, int checkInterval) {
    this.admitted = model;
    this.identity = ModelIdentity.of(model);
    this.fallback = identity.withEngine(LayerwiseEngine.NAME);
    this.attributor = model.attributor(wanted, checkInterval);
    this.isolation = model.isolating(attributor);
    this.policy = policy.limitedTo(attributor.maxRows());
    this.wanted = wanted;
    this.checkInterval = checkInterval;
    this.memory = ThreadLocal.withInitial(attributor::newMemory);
  }

  @Override
  public ModelIdentity model() {
    return attributor.fellBack() ? fallback : identity;
  }

  /** Whether the admission check found that its contributions add up. */
  public boolean isExact() {
    return admitted.report().exact();
  }

  /** Where it computes: cpu or gpu:N. */
  public String device() {
    return DeviceChoice.label(admitted.engine().device());
  }

  public ModelBundle bundle() {
    return admitted.bundle();
  }

  /**
   * Tries the encoder, to find out why f(e) = J(e)·e does not hold; takes up to a second.
   *
   * @param rows raw feature rows seen lately, (n, D); may be few or none
   */
  public Finding diagnose(FloatMatrix rows) {
    return Diagnosis.of(admitted, rows);
  }

  /**
   * The training rows that the bundle carries, explained; none where it carries none.
   *
   * @throws io.attribution.engine.bundle.BundleException when one cannot be explained
   */
  public List<ExplainedRow> explainReference(Reduction reduction) {
    return ReferenceRows.explain(admitted, reduction);
  }

  @Override
  public BatchPolicy policy() {
    return policy;
  }

  @Override
  public List<Outcome> explain(FloatMatrix features) {
    return isolation.attribute(features, memory.get().of(features.rows()));
  }

  /**
   * The same model with all its results: contributions and reduced ones, whatever is published.
   * Shares the encoder, and the attributor too where that computes everything anyway; closed with
   * this.
   *
   * @param reduction used where nothing reduced is published
   */
  public synchronized Explainer complete(Reduction reduction) {
    if (wanted.contributions() && wanted.reduction().isPresent()) {
      return this;
    }
    if (complement == null) {
      Wanted all = new Wanted(true, Optional.of(wanted.reduction().orElse(reduction)));
      complement = new ModelExplainer(admitted, all, policy, checkInterval);
    }
    return complement;
  }

  @Override
  public synchronized void close() {
    if (complement != null) {
      complement.attributor.close();
    }
    attributor.close();
    admitted.close();
  }
}
