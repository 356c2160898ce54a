package io.attribution.engine.internal.diagnosis;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import io.attribution.engine.internal.jacobian.JacobianEngine;
import io.attribution.engine.internal.jacobian.Linearization;
import io.attribution.engine.runtime.EngineKind;
import java.util.ArrayList;
import java.util.List;

/**
 * An engine that gives a wrong Jacobian for the first rows of a batch, and remembers its batches.
 */
final class DistortedEngine implements JacobianEngine {
  private final JacobianEngine engine;
  private final int wrongRows;
  private final List<Long> batches = new ArrayList<>();

  DistortedEngine(JacobianEngine engine, int wrongRows) {
    this.engine = engine;
    this.wrongRows = wrongRows;
  }

  /** Rows of every batch so far. */
  List<Long> batches() {
    return batches;
  }

  @Override
  public EngineKind kind() {
    return engine.kind();
  }

  @Override
  public Device device() {
    return engine.device();
  }

  @Override
  public Linearization linearize(NDArray inputs) {
    Linearization right = engine.linearize(inputs);
    long rows = inputs.getShape().get(0);
    batches.add(rows);
    NDArray jacobian = right.jacobian().duplicate();
    if (wrongRows > 0) {
      NDIndex first = new NDIndex("0:{}", Math.min(rows, wrongRows));
      jacobian.set(first, jacobian.get(first).mul(1.5f));
    }
    return new Linearization(right.outputs(), jacobian);
  }

  @Override
  public boolean isAsGiven() {
    return engine.isAsGiven();
  }

  @Override
  public void close() {
    engine.close();
  }
}
