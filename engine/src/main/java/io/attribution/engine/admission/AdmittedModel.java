package io.attribution.engine.admission;

import io.attribution.engine.attribution.Attributor;
import io.attribution.engine.attribution.FaultIsolation;
import io.attribution.engine.attribution.Wanted;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.jacobian.JacobianEngine;
import io.attribution.engine.matrix.FloatMatrix;

/**
 * A bundle that passed the admission check, with the engine that explains it.
 *
 * @param bundle what was read
 * @param engine open; closed with this
 * @param report what the check found
 */
public record AdmittedModel(ModelBundle bundle, JacobianEngine engine, AdmissionReport report)
    implements AutoCloseable {

  /** An attributor for this model; the caller closes it before the model. */
  public Attributor attributor(Wanted wanted) {
    return new Attributor(bundle, engine, wanted);
  }

  /**
   * An attributor for this model that checks itself; the caller closes it before the model.
   *
   * @param checkInterval batches from one check to the next; 0 for none
   */
  public Attributor attributor(Wanted wanted, int checkInterval) {
    return new Attributor(bundle, engine, wanted, checkInterval);
  }

  /** One outcome per row, with the faults of single rows kept to themselves. */
  public FaultIsolation isolating(Attributor attributor) {
    return new FaultIsolation(attributor::attribute, goodRow());
  }

  /** The features' means, or ones: finite, and in the middle of what the encoder is made for. */
  private FloatMatrix goodRow() {
    float[] row = new float[bundle.featureCount()];
    java.util.Arrays.fill(row, 1f);
    return FloatMatrix.of(bundle.preprocessing().mean().map(mean -> mean.values()).orElse(row));
  }

  @Override
  public void close() {
    engine.close();
  }
}
