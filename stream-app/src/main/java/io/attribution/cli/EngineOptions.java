package io.attribution.cli;

import io.attribution.jacobian.DeviceChoice;
import io.attribution.jacobian.EngineChoice;
import io.attribution.jacobian.EngineKind;
import io.attribution.jacobian.Precision;
import picocli.CommandLine.Option;

/** The options that say how an encoder is computed. */
final class EngineOptions {
  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = "auto",
      converter = EngineConverter.class,
      description =
          "layers (needs layers in model.json), autograd (needs encoder.pt), or auto: layers where"
              + " there are some. Default: ${DEFAULT-VALUE}.")
  private EngineKind engine;

  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      defaultValue = "float32",
      converter = PrecisionConverter.class,
      description =
          "What the layers engine computes in: float32, or float64 for audits."
              + " Default: ${DEFAULT-VALUE}.")
  private Precision precision;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "auto",
      converter = DeviceConverter.class,
      description =
          "cpu, gpu:N, or auto: the first GPU that libtorch can use, else the CPU. Default:"
              + " ${DEFAULT-VALUE}.")
  private DeviceChoice device;

  EngineChoice choice() {
    return new EngineChoice(engine, precision, device);
  }
}
