package io.attribution.stream.cli;

import io.attribution.engine.runtime.DeviceChoice;
import io.attribution.engine.runtime.EngineChoice;
import io.attribution.engine.runtime.EngineKind;
import io.attribution.engine.runtime.Precision;
import picocli.CommandLine.Option;

/** The options that say which engine computes an encoder, and where. */
final class EngineOptions {
  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = "auto",
      converter = Label.OfEngine.class,
      description =
          "layers (needs layers in model.json), autograd (needs encoder.pt), or auto: layers where"
              + " there are some. Default: ${DEFAULT-VALUE}.")
  private EngineKind engine;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "auto",
      converter = Label.OfDevice.class,
      description =
          "cpu, gpu:N, or auto: the first GPU that libtorch can use, else the CPU. Default:"
              + " ${DEFAULT-VALUE}.")
  private DeviceChoice device;

  EngineChoice in(Precision precision) {
    return new EngineChoice(engine, precision, device);
  }
}
