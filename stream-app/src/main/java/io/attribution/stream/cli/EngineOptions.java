package io.attribution.stream.cli;

import io.attribution.engine.method.Baseline;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.method.MethodChoice;
import io.attribution.engine.runtime.DeviceChoice;
import io.attribution.engine.runtime.EngineChoice;
import io.attribution.engine.runtime.EngineKind;
import io.attribution.engine.runtime.Precision;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say which engine computes an encoder, where, and by which method. */
final class EngineOptions {
  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = "auto",
      converter = Label.OfEngine.class,
      description =
          "layers (needs layers in model.json, or a graph made of them), graph (needs a graph whose"
              + " operators all have a derivative), autograd, or auto: the first that the bundle"
              + " has. Default: ${DEFAULT-VALUE}.")
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

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      converter = Label.OfMethod.class,
      description =
          "How contributions are made: jacobian, affine, integrated_gradients, expected_gradients,"
              + " or auto: the first of the first three that adds up. See docs/methods.md."
              + " Default: what the bundle says.")
  private @Nullable ContributionMethod method;

  @Option(
      names = "--baseline",
      paramLabel = "BASELINE",
      converter = Label.OfBaseline.class,
      description =
          "Where the path of integrated_gradients starts: mean or zeros. Default: the bundle's"
              + " baseline, else its mean.")
  private @Nullable Baseline baseline;

  @Option(
      names = "--max-nodes",
      paramLabel = "N",
      defaultValue = "" + MethodChoice.DEFAULT_MAX_NODES,
      description =
          "The most points of a path at which a Jacobian is computed; at least "
              + MethodChoice.LEAST_NODES
              + ". Default: ${DEFAULT-VALUE}.")
  private int maxNodes;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /**
   * @throws ParameterException when there are too few nodes
   */
  EngineChoice in(Precision precision) {
    try {
      return new EngineChoice(
          engine,
          precision,
          device,
          new MethodChoice(Optional.ofNullable(method), Optional.ofNullable(baseline), maxNodes));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "Invalid value for option '--max-nodes': " + e.getMessage());
    }
  }
}
