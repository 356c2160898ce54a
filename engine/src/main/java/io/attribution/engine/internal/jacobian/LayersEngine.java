package io.attribution.engine.internal.jacobian;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.attribution.engine.bundle.LayerSpec;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.internal.kernel.KernelCompiler;
import io.attribution.engine.internal.kernel.KernelCompiler.Encoder;
import io.attribution.engine.internal.kernel.KernelTarget;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.EngineKind;
import io.attribution.engine.runtime.Precision;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Jacobians of an encoder whose layers are known, compiled into one native program: constants
 * folded into the weights, the batch in tiles that stay in the cache.
 */
public final class LayersEngine implements JacobianEngine {
  private final Encoder encoder;
  private final KernelTarget target;
  private final Device device;
  private final int outputs;
  private final Kernel kernel;

  /** Compiled when it is first needed: it has weights of its own. */
  private @Nullable Kernel withIntercept;

  /**
   * @param bundle a bundle with layers that {@link #canCompile}
   * @param device where it computes
   */
  public LayersEngine(ModelBundle bundle, Precision precision, Device device) {
    this(bundle, new KernelTarget(!device.isGpu(), precision == Precision.FLOAT64), device);
  }

  /**
   * @param target what the program is compiled for, which a CPU can run whatever it is
   */
  public LayersEngine(ModelBundle bundle, KernelTarget target, Device device) {
    this.encoder =
        new Encoder(
            bundle.layers().orElseThrow(),
            bundle.inputSize(),
            bundle.featureCount(),
            bundle.outputCount(),
            bundle.preprocessing());
    this.target = target;
    this.device = device;
    this.outputs = bundle.outputCount();
    this.kernel = kernel(false, Optional.empty(), false);
  }

  /** Whether the layers work on flat rows, so that every one of them is a matrix or a factor. */
  public static boolean canCompile(List<LayerSpec> layers, List<Integer> inputShape) {
    return inputShape.size() == 1 || layers.get(0) instanceof LayerSpec.Flatten;
  }

  @Override
  public Optional<Kernel> compile(
      boolean contributions, Optional<Reduction> reduction, boolean intercept) {
    return Optional.of(kernel(contributions, reduction, intercept));
  }

  private Kernel kernel(boolean contributions, Optional<Reduction> reduction, boolean intercept) {
    return new Kernel(
        KernelCompiler.compile(encoder, target, contributions, reduction, intercept),
        target,
        device);
  }

  @Override
  public EngineKind kind() {
    return EngineKind.LAYERS;
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public Linearization linearize(NDArray inputs) {
    Linearization f = linearize(inputs, kernel);
    return new Linearization(f.outputs(), f.jacobian());
  }

  @Override
  public boolean knowsConstants() {
    return true;
  }

  @Override
  public Linearization linearizeWithIntercept(NDArray inputs) {
    return linearize(inputs, withIntercept());
  }

  private synchronized Kernel withIntercept() {
    if (withIntercept == null) {
      withIntercept = kernel(false, Optional.empty(), true);
    }
    return withIntercept;
  }

  private Linearization linearize(NDArray inputs, Kernel program) {
    long rows = inputs.getShape().get(0);
    NDArray z = inputs.getManager().create(new Shape(rows, outputs), inputs.getDataType());
    NDArray intercept = inputs.getManager().create(z.getShape(), inputs.getDataType());
    NDArray jacobian =
        inputs
            .getManager()
            .create(new Shape(rows, outputs, encoder.inputs()), inputs.getDataType());
    program.linearize(inputs, z, jacobian, intercept);
    return new Linearization(z, jacobian, Optional.of(intercept));
  }

  @Override
  public synchronized void close() {
    kernel.close();
    if (withIntercept != null) {
      withIntercept.close();
    }
  }
}
