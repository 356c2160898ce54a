package io.attribution.engine.jacobian;

import ai.djl.Device;
import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.bundle.ModelBundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How encoders are to be computed.
 *
 * @param kind which engine
 * @param precision what the layers engine computes in
 * @param device where
 */
public record EngineChoice(EngineKind kind, Precision precision, DeviceChoice device) {
  private static final Logger LOG = LoggerFactory.getLogger(EngineChoice.class);

  /** In float32 on the CPU. */
  public static EngineChoice of(EngineKind kind) {
    return new EngineChoice(kind, Precision.FLOAT32, DeviceChoice.CPU);
  }

  /**
   * @throws BundleException when the bundle lacks what the engine needs, the engine lacks the
   *     precision, or libtorch refuses the bundle
   * @throws DeviceException when libtorch cannot use the device
   */
  public JacobianEngine open(ModelBundle bundle) {
    Device opened = device.open();
    JacobianEngine engine = kind.open(bundle, precision, opened);
    LOG.info(
        "{} is computed by engine {} on {}",
        bundle.label(),
        engine.name(),
        DeviceChoice.label(opened));
    return engine;
  }
}
