package io.attribution.engine.admission;

import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.internal.jacobian.EncoderShapeException;
import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.internal.jacobian.Probe;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.engine.runtime.EngineKind;
import io.attribution.engine.runtime.LibTorchReason;
import org.jspecify.annotations.Nullable;

/** A bundle's encoder in one engine: runs it, and refuses it with a reason. */
record Candidate(ModelBundle bundle, JacobianEngine engine) {

  /**
   * @param rows e, (n, K)
   * @throws BundleException when the encoder fails, or returns other than n rows of O
   */
  Probe run(FloatMatrix rows) {
    Probe probe;
    try {
      probe = Probe.of(engine, rows);
    } catch (EncoderShapeException e) {
      throw refuse(String.valueOf(e.getMessage()), e);
    } catch (RuntimeException e) {
      throw refuse(
          String.format(
              "fails on a batch of %d with rows of shape %s: %s",
              rows.rows(), bundle.inputShape(), LibTorchReason.of(e)),
          e);
    }
    requireOutputs(probe.outputs().columns());
    return probe;
  }

  private void requireOutputs(int outputs) {
    if (outputs != bundle.outputCount()) {
      throw refuse(
          String.format(
              "gives %d outputs, but output.names in model.json has %d",
              outputs, bundle.outputCount()));
    }
  }

  BundleException refuse(String reason) {
    return refuse(reason, null);
  }

  private BundleException refuse(String reason, @Nullable RuntimeException cause) {
    return new BundleException(bundle.directory() + ": " + subject() + reason, cause);
  }

  private String subject() {
    if (bundle.graph().isPresent()) {
      return "model.json: graph: the encoder ";
    }
    return engine.kind() == EngineKind.AUTOGRAD
        ? "encoder.pt: the encoder "
        : "model.json: layers: the encoder they describe ";
  }
}
