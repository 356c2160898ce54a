package io.attribution.engine.admission;

import io.attribution.engine.runtime.EngineKind;
import io.attribution.engine.verification.VerificationSummary;
import java.util.List;

/**
 * What the admission check found out about a bundle that it admitted.
 *
 * @param engine the engine that runs: layers, layerwise or autograd
 * @param checks one line for each check that was passed
 * @param probe f(e) against J(e)·e on the probe rows
 * @param exact the probe's relative error is within the bundle's tolerance
 */
public record AdmissionReport(
    EngineKind engine, List<String> checks, VerificationSummary probe, boolean exact) {

  /** exact or approximate. */
  public String label() {
    return exact ? "exact" : "approximate";
  }
}
