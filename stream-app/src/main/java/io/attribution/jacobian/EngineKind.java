package io.attribution.jacobian;

import io.attribution.bundle.BundleException;
import io.attribution.bundle.LayerSpec;
import io.attribution.bundle.ModelBundle;
import io.attribution.kernel.KernelTarget;
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
   * @throws BundleException when the bundle lacks what the engine needs, or libtorch refuses it
   */
  public JacobianEngine open(ModelBundle bundle) {
    return open(bundle, Precision.FLOAT32);
  }

  /**
   * @throws BundleException when the bundle lacks what the engine needs, the engine lacks the
   *     precision, or libtorch refuses the bundle
   */
  public JacobianEngine open(ModelBundle bundle, Precision precision) {
    boolean layers = this == LAYERS || (this == AUTO && bundle.layers().isPresent());
    if (layers) {
      return layersEngine(bundle, precision);
    }
    requireFloat32(bundle, precision, "engine 'autograd'");
    return autogradEngine(bundle);
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

  private static JacobianEngine layersEngine(ModelBundle bundle, Precision precision) {
    List<LayerSpec> layers =
        bundle
            .layers()
            .orElseThrow(
                () ->
                    new BundleException(
                        bundle.directory()
                            + ": engine 'layers' needs layers in model.json; choose autograd"));
    if (LayersEngine.canCompile(layers, bundle.inputShape())) {
      boolean float64 = precision == Precision.FLOAT64;
      return new LayersEngine(bundle, KernelTarget.of(true, float64));
    }
    requireFloat32(bundle, precision, "an encoder whose layers take several axes");
    return new LayerwiseEngine(layers, bundle.inputShape());
  }

  private static JacobianEngine autogradEngine(ModelBundle bundle) {
    try {
      return new AutogradEngine(
          bundle
              .encoder()
              .orElseThrow(
                  () ->
                      new BundleException(
                          bundle.directory()
                              + ": engine 'autograd' needs encoder.pt; choose layers")),
          bundle.inputShape());
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
