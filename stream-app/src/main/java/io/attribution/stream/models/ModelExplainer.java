package io.attribution.stream.models;

import io.attribution.engine.admission.AdmittedModel;
import io.attribution.engine.attribution.Attributor;
import io.attribution.engine.attribution.ExplainedRow;
import io.attribution.engine.attribution.Outcome;
import io.attribution.engine.attribution.ResultMemory;
import io.attribution.engine.attribution.ResultSelection;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.diagnosis.Finding;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.EngineKind;
import io.attribution.stream.pending.BatchPolicy;
import io.attribution.stream.serde.ModelIdentity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An admitted model at work in the stream. */
public final class ModelExplainer implements Explainer, AutoCloseable {
  private final AdmittedModel admitted;
  private final ModelIdentity identity;
  private final ModelIdentity fallback;
  private final Attributor attributor;
  private final BatchPolicy policy;
  private final ResultSelection wanted;
  private final int checkInterval;

  /** Computes all results where the stream publishes fewer; created on first use. */
  private @Nullable ModelExplainer complement;

  /** Per thread: a thread forwards a batch's results before it explains the next batch. */
  private final ThreadLocal<ResultMemory> memory;

  /**
   * @param model closed with this
   * @param wanted which results are published
   * @param checkInterval batches from one check of the engine to the next; 0 for none
   */
  public ModelExplainer(
      AdmittedModel model, ResultSelection wanted, BatchPolicy policy, int checkInterval) {
    this.admitted = model;
    this.identity = ModelIdentity.of(model);
    this.fallback = identity.withEngine(EngineKind.LAYERWISE.label());
    this.attributor = model.attributor(wanted, checkInterval);
    this.policy = policy.limitedTo(attributor.maxRows());
    this.wanted = wanted;
    this.checkInterval = checkInterval;
    this.memory = ThreadLocal.withInitial(attributor::newMemory);
  }

  @Override
  public ModelIdentity model() {
    return fellBack() ? fallback : identity;
  }

  /** Whether the layers are computed one by one because the compiled engine disagreed. */
  public boolean fellBack() {
    return attributor.fellBack();
  }

  /** Whether the admission check found that its contributions add up. */
  public boolean isExact() {
    return admitted.report().exact();
  }

  /** The device: cpu or gpu:N. */
  public String device() {
    return admitted.device();
  }

  public ModelBundle bundle() {
    return admitted.bundle();
  }

  /**
   * Probes the encoder for the reason why f(e) = J(e)·e does not hold; takes up to a second.
   *
   * @param rows raw feature rows seen lately, (n, D); may be few or none
   */
  public Finding diagnose(FloatMatrix rows) {
    return admitted.diagnose(rows);
  }

  /**
   * The explained reference rows of the bundle; empty when it has none.
   *
   * @throws io.attribution.engine.bundle.BundleException when a row cannot be explained
   */
  public List<ExplainedRow> explainReference(Reduction reduction) {
    return admitted.explainReference(reduction);
  }

  @Override
  public BatchPolicy policy() {
    return policy;
  }

  @Override
  public List<Outcome> explain(FloatMatrix features) {
    return attributor.explain(features, memory.get());
  }

  /**
   * The same model with all results, contributions and reduced contributions, whatever is
   * published. Shares the encoder, and the attributor when that computes everything already; closed
   * with this.
   *
   * @param reduction used when no reduced contributions are published
   */
  public synchronized Explainer complete(Reduction reduction) {
    if (wanted.contributions() && wanted.reduction().isPresent()) {
      return this;
    }
    if (complement == null) {
      ResultSelection all = ResultSelection.all(wanted.reduction().orElse(reduction));
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
