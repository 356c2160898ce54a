package io.attribution.engine.internal.jacobian;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.bundle.EncoderGraph;
import io.attribution.engine.bundle.LayerRecognition;
import io.attribution.engine.bundle.LayerSpec;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.internal.graph.GraphCompiler;
import io.attribution.engine.internal.graph.GraphSource;
import io.attribution.engine.internal.torch.PyTorch;
import io.attribution.engine.runtime.EngineChoice;
import io.attribution.engine.runtime.EngineKind;
import io.attribution.engine.runtime.LibTorchReason;
import io.attribution.engine.runtime.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the engine that was chosen for a bundle. */
public final class Engines {
  private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

  /** How libtorch's message begins. */
  private static final String UNKNOWN_OPERATOR = "Unknown builtin op";

  private Engines() {}

  /**
   * @throws BundleException when the bundle lacks what the engine needs, the engine lacks the
   *     precision, or libtorch refuses the bundle
   * @throws io.attribution.engine.runtime.DeviceException when libtorch cannot use the device
   */
  public static JacobianEngine open(ModelBundle bundle, EngineChoice choice) {
    Device device = Devices.open(choice.device());
    JacobianEngine engine = open(bundle, choice.kind(), choice.precision(), device);
    LOG.info(
        "{} is computed by engine {} on {}",
        bundle.label(),
        engine.kind().label(),
        Devices.label(device));
    return engine;
  }

  /**
   * In float32.
   *
   * @throws BundleException when the bundle lacks what the engine needs, or libtorch refuses it
   */
  public static JacobianEngine open(ModelBundle bundle, EngineKind kind, Device device) {
    return open(bundle, kind, Precision.FLOAT32, device);
  }

  private static JacobianEngine open(
      ModelBundle bundle, EngineKind kind, Precision precision, Device device) {
    return switch (kind) {
      case AUTO ->
          bundle.layers().isPresent()
              ? open(bundle, EngineKind.LAYERS, precision, device)
              : autograd(bundle, precision, device, true);
      case LAYERS ->
          LayersEngine.canCompile(layers(bundle), bundle.inputShape())
              ? new LayersEngine(bundle, precision, device)
              : layerwise(bundle, precision, device);
      case LAYERWISE -> layerwise(bundle, precision, device);
      case GRAPH -> graph(bundle, precision, device);
      case AUTOGRAD -> autograd(bundle, precision, device, false);
    };
  }

  private static List<LayerSpec> layers(ModelBundle bundle) {
    return bundle
        .layers()
        .orElseThrow(
            () ->
                new BundleException(
                    bundle.directory() + ": " + noLayers(bundle) + "; choose autograd"));
  }

  private static String noLayers(ModelBundle bundle) {
    return bundle
        .graph()
        .flatMap(
            graph ->
                LayerRecognition.of(graph, bundle.inputShape(), bundle.outputCount()).obstacle())
        .map(operator -> "engine 'layers' does not know " + operator)
        .orElse("engine 'layers' needs layers in model.json");
  }

  private static JacobianEngine layerwise(ModelBundle bundle, Precision precision, Device device) {
    requireFloat32(bundle, precision, "an encoder whose layers take several axes");
    return new LayerwiseEngine(layers(bundle), bundle.inputShape(), device);
  }

  private static JacobianEngine graph(ModelBundle bundle, Precision precision, Device device) {
    requireFloat32(bundle, precision, "engine 'graph'");
    EncoderGraph graph =
        bundle
            .graph()
            .orElseThrow(
                () ->
                    new BundleException(
                        bundle.directory()
                            + ": engine 'graph' needs a bundle of format 2; choose auto"));
    String model = model(bundle);
    GraphSource source = GraphCompiler.compile(graph, model);
    source
        .obstacle()
        .ifPresent(
            operator -> {
              throw new BundleException(
                  model + ": engine 'graph' has no derivative of " + operator + "; choose auto");
            });
    try {
      return AutogradEngine.derivative(graph, source, bundle.inputShape(), device);
    } catch (EngineException e) {
      throw new BundleException(model + ": " + notLoaded(LibTorchReason.of(e)), e);
    }
  }

  /** The first operator of a bundle's graph without a derivative of its own, with its node. */
  public static Optional<String> obstacle(ModelBundle bundle) {
    return bundle.graph().flatMap(graph -> GraphCompiler.compile(graph, model(bundle)).obstacle());
  }

  private static String model(ModelBundle bundle) {
    return bundle.directory().resolve("model.json").toString();
  }

  /**
   * @param compile whether a derivative of its graph counts as its faster form
   */
  private static JacobianEngine autograd(
      ModelBundle bundle, Precision precision, Device device, boolean compile) {
    requireFloat32(bundle, precision, "engine 'autograd'");
    String model = model(bundle);
    String file = bundle.encoder().map(Path::toString).orElse(model);
    try {
      return bundle.graph().isPresent()
          ? AutogradEngine.of(bundle.graph().get(), model, bundle.inputShape(), device, compile)
          : AutogradEngine.of(encoder(bundle), bundle.inputShape(), device);
    } catch (EngineException e) {
      throw new BundleException(file + ": " + notLoaded(LibTorchReason.of(e)), e);
    }
  }

  private static Path encoder(ModelBundle bundle) {
    return bundle
        .encoder()
        .orElseThrow(
            () ->
                new BundleException(
                    bundle.directory() + ": engine 'autograd' needs encoder.pt; choose layers"));
  }

  private static String notLoaded(String reason) {
    String version = "libtorch " + PyTorch.version();
    return reason.startsWith(UNKNOWN_OPERATOR)
        ? "calls an operator that "
            + version
            + " does not have ("
            + reason
            + "); export the encoder without it"
        : version + " cannot load it (" + reason + "); export it again";
  }

  private static void requireFloat32(ModelBundle bundle, Precision precision, String subject) {
    if (precision != Precision.FLOAT32) {
      throw new BundleException(
          bundle.directory()
              + ": "
              + subject
              + " computes in float32 only; float64 needs layers in model.json, of flat rows");
    }
  }
}
