package io.attribution.benchmarks.engine;

import ai.djl.Device;
import io.attribution.benchmarks.measure.JmhSettings;
import io.attribution.benchmarks.measure.TakingTurns;
import io.attribution.benchmarks.report.Destination;
import io.attribution.benchmarks.report.Machine;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.internal.jacobian.Devices;
import io.attribution.engine.internal.torch.PyTorch;
import io.attribution.engine.runtime.DeviceChoice;
import io.attribution.engine.runtime.DeviceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench engine}. */
@Command(
    name = "engine",
    description =
        "Jacobians per second: both engines, the machine's own matrix product, and with --python"
            + " torch.func.vmap(jacrev), torch.autograd.functional.jacobian and captum.")
public final class EngineCommand implements Callable<Integer> {
  @Mixin private Destination destination;
  @Spec private CommandSpec spec;

  @Option(
      names = "--python",
      paramLabel = "FILE",
      description =
          "An interpreter with benchmarks/peers/requirements.txt. Without it there are no peers,"
              + " no conv, and no autograd engine but for digits.")
  private Optional<String> python = Optional.empty();

  @Option(
      names = "--peers",
      split = ",",
      defaultValue = "vmap,functional,captum",
      description = "Which Python peers take turns. Default: ${DEFAULT-VALUE}.")
  private List<String> peers;

  @Option(
      names = "--encoders",
      split = ",",
      defaultValue = "digits,wide,many,conv",
      description = "Default: ${DEFAULT-VALUE}.")
  private List<String> encoders;

  @Option(
      names = "--batches",
      split = ",",
      defaultValue = "1,64,256,1024,4096",
      description = "Rows in a batch, JMH. Default: ${DEFAULT-VALUE}.")
  private List<Integer> batches;

  @Option(
      names = "--turn-batches",
      split = ",",
      defaultValue = "1,64,256,1024",
      description = "Rows in a batch, turns with the peers. Default: ${DEFAULT-VALUE}.")
  private List<Integer> turnBatches;

  @Option(
      names = "--rounds",
      defaultValue = "7",
      description = "Rounds of turns. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--turn-seconds",
      defaultValue = "0.5",
      description = "How long a turn is, about. Default: ${DEFAULT-VALUE}.")
  private double turnSeconds;

  @Option(
      names = "--iterations",
      defaultValue = "5",
      description =
          "JMH's iterations of one second, after as many to warm up; 0 skips JMH. Default:"
              + " ${DEFAULT-VALUE}.")
  private int iterations;

  @Option(
      names = "--threads",
      description = "Threads of one operation, the same for Python. Default: all cores.")
  private int threads = Machine.cores();

  private final List<Match> matches = new ArrayList<>();
  private final List<JmhRow> jmh = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();
  private final Map<String, String> settings = new TreeMap<>();

  @Option(
      names = "--device",
      defaultValue = "cpu",
      description = "cpu or gpu:N, the same for Python. Default: ${DEFAULT-VALUE}.")
  private String device;

  @Override
  public Integer call() throws IOException, RunnerException {
    requireKnown("encoder", encoders, Stream.of(Encoder.values()).map(Encoder::label).toList());
    requireKnown("peer", peers, Names.PEERS);
    PyTorch.useThreads(threads);
    Device opened = openDevice();
    Bundles bundles = new Bundles(destination.home(), destination.scratch().resolve("bundles"));
    describeSettings();
    if (python.isPresent()) {
      bundles.exportMissing(python.get());
      try (PythonPeer peer =
          new PythonPeer(
              python.get(), destination.home().resolve("benchmarks/peers/engine_peer.py"), peers)) {
        takeTurns(bundles, opened, Optional.of(peer));
      }
    } else {
      bundles.generateMissing();
      skip(
          "The Python peers did not run: pip install -r benchmarks/peers/requirements.txt, then"
              + " add --python.");
      takeTurns(bundles, opened, Optional.empty());
    }
    if (iterations > 0) {
      runJmh(bundles);
    }
    destination.write(run -> new EngineSection(matches, jmh, skipped).section(run), settings);
    return 0;
  }

  private void describeSettings() {
    settings.put("device", device);
    settings.put("threads of one operation", String.valueOf(threads));
    settings.put("turns", rounds + " rounds of about " + turnSeconds + " s each");
    settings.put("JMH", iterations + " + " + iterations + " iterations of 1 s, one fork");
  }

  private void takeTurns(Bundles bundles, Device opened, Optional<PythonPeer> peer) {
    TakingTurns turns = new TakingTurns(rounds, turnSeconds);
    for (Encoder encoder : chosen()) {
      Optional<ModelBundle> bundle = bundles.load(encoder);
      if (bundle.isEmpty()) {
        skip("`" + encoder.label() + "` did not run: only Python can make its bundle.");
        continue;
      }
      peer.map(p -> p.load(bundles.path(encoder), threads, opened))
          .ifPresent(versions -> settings.put("peers", versions));
      try (Matches match = new Matches(encoder, bundle.get(), opened, peer, turns)) {
        for (int batch : turnBatches) {
          destination.say("turns: " + encoder.label() + ", " + batch + " rows");
          matches.add(match.play(batch));
        }
      }
    }
  }

  private void runJmh(Bundles bundles) throws RunnerException, IOException {
    EngineJmh runner =
        new EngineJmh(
            bundles,
            new JmhSettings(iterations, 1000),
            threads,
            DeviceChoice.of(device),
            destination.raw());
    for (Encoder encoder : chosen()) {
      Optional<ModelBundle> bundle = bundles.load(encoder);
      if (bundle.isPresent()) {
        destination.say("JMH: " + encoder.label());
        jmh.addAll(runner.run(encoder, bundle.get(), batches));
      }
    }
  }

  private Device openDevice() {
    try {
      return Devices.open(DeviceChoice.of(device));
    } catch (IllegalArgumentException | DeviceException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private List<Encoder> chosen() {
    return encoders.stream().map(Encoder::of).toList();
  }

  private void requireKnown(String what, List<String> given, List<String> known) {
    for (String name : given) {
      if (!known.contains(name)) {
        throw new ParameterException(
            spec.commandLine(), "'" + name + "' is no " + what + "; choose from " + known);
      }
    }
  }

  private void skip(String what) {
    destination.say(what);
    skipped.add(what);
  }
}
