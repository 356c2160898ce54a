package io.attribution.engine.internal.jacobian;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.attribution.engine.bundle.LayerSpec;
import io.attribution.engine.internal.torch.PyTorch;
import io.attribution.engine.runtime.EngineKind;
import java.util.List;
import java.util.Optional;

/**
 * Jacobians of an encoder whose layers are known, layer by layer as they are written: the forward
 * pass keeps what the backward pass needs, then all outputs go back together, starting from the
 * identity. Slow, and simple enough to be right: what {@link LayersEngine} is checked against.
 */
public final class LayerwiseEngine implements JacobianEngine {
  private final NDManager scope;
  private final Layer encoder;
  private final Shape rowShape;

  /**
   * @param layers the encoder
   * @param inputShape the encoder's input without the batch axis
   * @param device where it computes
   */
  public LayerwiseEngine(List<LayerSpec> layers, List<Integer> inputShape, Device device) {
    this.scope = PyTorch.newScope(device);
    this.encoder = Layers.sequence(layers, scope);
    this.rowShape = new Shape(inputShape.stream().mapToLong(Integer::longValue).toArray());
  }

  @Override
  public EngineKind kind() {
    return EngineKind.LAYERWISE;
  }

  @Override
  public Device device() {
    return scope.getDevice();
  }

  @Override
  public Linearization linearize(NDArray inputs) {
    return linearize(inputs, trace(inputs));
  }

  private Layer.Traced trace(NDArray inputs) {
    return encoder.apply(inputs.reshape(new Shape(inputs.getShape().get(0)).addAll(rowShape)));
  }

  @Override
  public NDArray outputs(NDArray inputs) {
    return trace(inputs).output();
  }

  @Override
  public boolean knowsConstants() {
    return true;
  }

  @Override
  public Linearization linearizeWithIntercept(NDArray inputs) {
    Layer.Traced traced = trace(inputs);
    NDArray none = inputs.getManager().zeros(new Shape(1).addAll(rowShape), inputs.getDataType());
    NDArray intercept = traced.constants().apply(none).broadcast(traced.output().getShape());
    Linearization f = linearize(inputs, traced);
    return new Linearization(f.outputs(), f.jacobian(), Optional.of(intercept));
  }

  private Linearization linearize(NDArray inputs, Layer.Traced traced) {
    long rows = inputs.getShape().get(0);
    long outputs = traced.output().getShape().get(1);
    NDArray identity = inputs.getManager().eye((int) outputs).expandDims(0);
    NDArray jacobian = traced.pullback().apply(identity);
    // A purely linear encoder has one Jacobian for all rows.
    return new Linearization(
        traced.output(),
        jacobian
            .reshape(jacobian.getShape().get(0), outputs, rowShape.size())
            .broadcast(rows, outputs, rowShape.size()));
  }

  @Override
  public void close() {
    scope.close();
  }
}
