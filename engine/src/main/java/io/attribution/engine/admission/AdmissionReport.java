package io.attribution.engine.admission;

import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.runtime.EngineKind;
import io.attribution.engine.verification.VerificationSummary;
import java.util.List;

/**
 * What the admission check found out about a bundle that it admitted.
 *
 * @param engine the engine that runs: layers, layerwise or autograd
 * @param method how contributions are made; any but auto
 * @param checks one line for each check that was passed
 * @param probe how well contributions added up on the probe rows
 * @param exact the probe's relative error is within the bundle's tolerance
 */
public record AdmissionReport(
    EngineKind engine,
    ContributionMethod method,
    List<String> checks,
    VerificationSummary probe,
    boolean exact) {

  /** exact, complete (along a path), or approximate. */
  public String label() {
    if (!exact) {
      return "approximate";
    }
    return method.hasPath() ? "complete" : "exact";
  }
}
