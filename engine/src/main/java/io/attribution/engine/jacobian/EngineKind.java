package io.attribution.engine.jacobian;

import ai.djl.Device;
import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.bundle.LayerSpec;
import io.attribution.engine.bundle.ModelBundle;
import java.util.List;
import java.util.Locale;

/** Which engine explains a bundle. */
public enum EngineKind {
  /** Layers where the bundle describes them, autograd elsewhere. */
  AUTO,
  LAYERS,
  AUTOGRAD;

  /**
   * @param label auto, layers or autograd
   * @throws IllegalArgumentException for any other label
   */
  public static EngineKind of(String label) {
    for (EngineKind kind : values()) {
      if (kind.label().equals(label)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "'" + label + "' is no engine; choose auto, layers or autograd");
  }

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * In float32 on the CPU.
   *
   * @throws BundleException when the bundle lacks what the engine needs, or libtorch refuses it
   */
  public JacobianEngine open(ModelBundle bundle) {
    return open(bundle, Device.cpu());
  }

  /**
   * In float32.
   *
   * @throws BundleException when the bundle lacks what the engine needs, or libtorch refuses it
   */
  public JacobianEngine open(ModelBundle bundle, Device device) {
    return open(bundle, Precision.FLOAT32, device);
  }

  /**
   * @throws BundleException when the bundle lacks what the engine needs, the engine lacks the
   *     precision, or libtorch refuses the bundle
   */
  JacobianEngine open(ModelBundle bundle, Precision precision, Device device) {
    boolean layers = this == LAYERS || (this == AUTO && bundle.layers().isPresent());
    if (layers) {
      return layersEngine(bundle, precision, device);
    }
    requireFloat32(bundle, precision, "engine 'autograd'");
    return autogradEngine(bundle, device);
  }

  private static void requireFloat32(ModelBundle bundle, Precision precision, String what) {
    if (precision != Precision.FLOAT32) {
      throw new BundleException(
          bundle.directory()
              + ": "
              + what
              + " computes in float32 only; float64 needs layers in model.json, of flat rows");
    }
  }

  private static JacobianEngine layersEngine(
      ModelBundle bundle, Precision precision, Device device) {
    List<LayerSpec> layers =
        bundle
            .layers()
            .orElseThrow(
                () ->
                    new BundleException(
                        bundle.directory()
                            + ": engine 'layers' needs layers in model.json; choose autograd"));
    if (LayersEngine.canCompile(layers, bundle.inputShape())) {
      return new LayersEngine(bundle, precision, device);
    }
    requireFloat32(bundle, precision, "an encoder whose layers take several axes");
    return new LayerwiseEngine(layers, bundle.inputShape(), device);
  }

  private static JacobianEngine autogradEngine(ModelBundle bundle, Device device) {
    try {
      return new AutogradEngine(
          bundle
              .encoder()
              .orElseThrow(
                  () ->
                      new BundleException(
                          bundle.directory()
                              + ": engine 'autograd' needs encoder.pt; choose layers")),
          bundle.inputShape(),
          device);
    } catch (ai.djl.engine.EngineException e) {
      throw new BundleException(
          bundle.directory().resolve("encoder.pt")
              + ": not a TorchScript file that libtorch "
              + PyTorch.version()
              + " can read; export it again",
          e);
    }
  }
}
