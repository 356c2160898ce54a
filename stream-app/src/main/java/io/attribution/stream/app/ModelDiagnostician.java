package io.attribution.stream.app;

import io.attribution.drift.Diagnostician;
import io.attribution.drift.ModelKey;
import io.attribution.drift.ProbableCause;
import io.attribution.engine.diagnosis.Cause;
import io.attribution.engine.diagnosis.Finding;
import io.attribution.stream.models.ModelExplainer;
import io.attribution.stream.topology.RecentRows;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Diagnoses the loaded model of an alert. */
final class ModelDiagnostician implements Diagnostician {
  private static final Logger LOG = LoggerFactory.getLogger(ModelDiagnostician.class);

  private final List<ModelExplainer> models;
  private final RecentRows rows;

  /**
   * @param rows recent inputs of the models
   */
  ModelDiagnostician(List<ModelExplainer> models, RecentRows rows) {
    this.models = models;
    this.rows = rows;
  }

  @Override
  public ProbableCause diagnose(ModelKey model) {
    return models.stream()
        .filter(loaded -> loaded.model().fingerprint().equals(model.fingerprint()))
        .findFirst()
        .map(this::diagnose)
        .orElse(ProbableCause.UNKNOWN);
  }

  private ProbableCause diagnose(ModelExplainer model) {
    try {
      return cause(model.diagnose(rows.of(model.model().fingerprint(), model.model().features())));
    } catch (RuntimeException e) {
      // An alert without a cause is better than none.
      LOG.warn("model {}: the diagnosis failed", model.model().name(), e);
      return ProbableCause.UNKNOWN;
    }
  }

  @Override
  public ProbableCause ofFallback() {
    return cause(Finding.FALLBACK);
  }

  private static ProbableCause cause(Finding finding) {
    return new ProbableCause(finding.cause().map(Cause::label), finding.explanation());
  }
}
