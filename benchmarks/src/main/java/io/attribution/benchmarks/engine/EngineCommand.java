package io.attribution.benchmarks.engine;

import ai.djl.Device;
import io.attribution.benchmarks.engine.EngineTurns.Peer;
import io.attribution.benchmarks.measure.Jmh;
import io.attribution.benchmarks.measure.Machine;
import io.attribution.benchmarks.measure.PythonScript;
import io.attribution.benchmarks.measure.Report;
import io.attribution.benchmarks.measure.Turns;
import io.attribution.engine.bundle.BundleException;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.internal.jacobian.Devices;
import io.attribution.engine.internal.torch.PyTorch;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.runtime.DeviceChoice;
import io.attribution.engine.runtime.DeviceException;
import io.attribution.engine.runtime.EngineKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.RunResult;
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
            + " torch.func.vmap(jacrev), torch.autograd.functional.jacobian and captum. With --method"
            + " contributions instead: beside captum, shap and vmap(jacrev).")
public final class EngineCommand implements Callable<Integer> {
  @Mixin private Report report;
  @Mixin private Jmh jmh;
  @Spec private CommandSpec spec;

  @Option(
      names = "--python",
      paramLabel = "FILE",
      description =
          "An interpreter with benchmarks/peers/requirements.txt. Without it there are no peers,"
              + " and no encoder but digits unless an earlier run made it.")
  private Optional<Path> python = Optional.empty();

  @Option(
      names = "--peers",
      split = ",",
      defaultValue = "vmap,functional,captum",
      description = "Which Python peers take turns. Default: ${DEFAULT-VALUE}.")
  private List<Peer> peers;

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      description =
          "Contributions, and how far they are from adding up, in the place of Jacobians: jacobian,"
              + " affine, integrated_gradients, or auto, the first of them that adds up. No JMH.")
  private Optional<String> method = Optional.empty();

  @Option(
      names = "--encoders",
      split = ",",
      description =
          "Default: digits,wide,many,conv,transformer,conv_biased; with --method"
              + " tabular,transformer,scvi,digits,biased,conv_biased.")
  private List<Encoder> encoders = List.of();

  @Option(
      names = "--batches",
      split = ",",
      defaultValue = "1,64,256,1024,4096",
      description = "Rows in a batch, JMH. Default: ${DEFAULT-VALUE}.")
  private List<Integer> batches;

  @Option(
      names = "--turn-batches",
      split = ",",
      description =
          "Rows in a batch, turns with the peers. Default: 1,64,256,1024; with --method 256.")
  private List<Integer> turnBatches = List.of();

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
      names = "--threads",
      description = "Threads of one operation, the same for Python. Default: all cores.")
  private int threads = Machine.cores();

  @Option(
      names = "--device",
      defaultValue = "cpu",
      description = "cpu or gpu:N, the same for Python. Default: ${DEFAULT-VALUE}.")
  private String device;

  /** For the page. */
  private final Map<String, String> settings = new TreeMap<>();

  private final List<EngineTurns.Result> turns = new ArrayList<>();
  private final List<EngineTurns.Result> forks = new ArrayList<>();

  private final List<MethodTurns.Result> contributions = new ArrayList<>();

  @Override
  public Integer call() throws IOException, RunnerException {
    PyTorch.useThreads(threads);
    Device opened = openDevice();
    Optional<ContributionMethod> chosen = method.map(this::methodOf);
    if (encoders.isEmpty()) {
      encoders = chosen.isPresent() ? Encoder.METHODS : Encoder.JACOBIANS;
    }
    if (turnBatches.isEmpty()) {
      turnBatches = chosen.isPresent() ? List.of(256) : List.of(1, 64, 256, 1024);
    }
    settings.put("device", device);
    settings.put("threads of one operation", String.valueOf(threads));
    settings.put("turns", rounds + " rounds of about " + turnSeconds + " s each");
    if (python.isPresent()) {
      Encoder.export(report.home(), python.get(), encoders);
      PythonScript script = new PythonScript(python.get(), report.home(), "engine_peer.py");
      try (PythonPeer peer = new PythonPeer(script)) {
        takeTurns(opened, chosen, Optional.of(peer));
      }
    } else {
      skip("Python peers", "pip install -r benchmarks/peers/requirements.txt, then add --python");
      takeTurns(opened, chosen, Optional.empty());
    }
    if (chosen.isPresent()) {
      report.write(new MethodSection(contributions).section(report.run(settings)));
      return 0;
    }
    settings.put("JMH", jmh.description());
    for (Encoder encoder : jmh.isOn() ? encoders : List.<Encoder>of()) {
      Optional<ModelBundle> bundle = encoder.load(report.home());
      if (bundle.isPresent()) {
        report.say("JMH: " + encoder);
        runJmh(encoder, bundle.get());
      }
    }
    report.write(new EngineSection(turns, forks).section(report.run(settings)));
    return 0;
  }

  private void takeTurns(
      Device opened, Optional<ContributionMethod> chosen, Optional<PythonPeer> peer) {
    for (Encoder encoder : encoders) {
      Optional<ModelBundle> bundle = encoder.load(report.home());
      if (bundle.isEmpty()) {
        skip(encoder.name(), "no bundle; --python exports it");
        continue;
      }
      peer.map(p -> p.load(bundle.get().directory(), threads, opened))
          .ifPresent(versions -> settings.put("peers", versions));
      if (chosen.isPresent()) {
        explain(encoder, bundle.get(), chosen.get(), peer);
      } else {
        linearize(encoder, bundle.get(), opened, peer);
      }
    }
    String chunks =
        turns.stream()
            .filter(result -> !result.chunks().isEmpty())
            .map(result -> result.label() + ": " + result.chunks())
            .collect(Collectors.joining(", "));
    if (!chunks.isEmpty()) {
      settings.put("fastest vmap(jacrev)", chunks);
    }
  }

  private void linearize(
      Encoder encoder, ModelBundle bundle, Device opened, Optional<PythonPeer> peer) {
    try (EngineTurns contest = new EngineTurns(encoder, bundle, opened, peer, peers)) {
      for (int batch : turnBatches) {
        report.say("turns: " + encoder + ", " + batch + " rows");
        turns.add(contest.measure(batch, new Turns(rounds, turnSeconds)));
      }
    }
  }

  private void explain(
      Encoder encoder, ModelBundle bundle, ContributionMethod chosen, Optional<PythonPeer> peer) {
    DeviceChoice on = DeviceChoice.of(device);
    // Digits without biases take turns with those that have some.
    Optional<MethodUnderTest> counterpart =
        Optional.of(Encoder.digits)
            .filter(digits -> encoder == Encoder.biased)
            .flatMap(digits -> digits.load(report.home()))
            .map(digits -> new MethodUnderTest(digits, ContributionMethod.JACOBIAN, on));
    try (MethodTurns contest =
        new MethodTurns(encoder, new MethodUnderTest(bundle, chosen, on), counterpart, peer)) {
      for (int batch : turnBatches) {
        report.say("turns: " + encoder + ", " + contest.label() + ", " + batch + " rows");
        MethodTurns.Result result =
            contest.measure(
                EngineUnderTest.normal(batch, bundle.featureCount()),
                new Turns(rounds, turnSeconds));
        result.absent().forEach((name, why) -> skip(encoder + ", " + name, why));
        contributions.add(result);
      }
    } catch (BundleException e) {
      skip(encoder + ", " + chosen.label(), String.valueOf(e.getMessage()));
    }
  }

  private ContributionMethod methodOf(String label) {
    try {
      return ContributionMethod.of(label);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "Invalid value for option '--method': " + e.getMessage());
    }
  }

  private void runJmh(Encoder encoder, ModelBundle bundle) throws IOException, RunnerException {
    Path rates = Files.createTempFile("sgemm", ".log");
    Path raw = report.scratch().resolve("raw/jmh-engine-" + encoder + ".json");
    Map<String, List<?>> parameters =
        Map.of(
            "bundle", List.of(bundle.directory()),
            "engine", EngineUnderTest.kinds(bundle).stream().map(EngineKind::label).toList(),
            "batch", batches,
            "threads", List.of(threads),
            "device", List.of(device),
            "rates", List.of(rates));
    for (RunResult result : jmh.run(EngineBenchmark.class, raw, parameters)) {
      forks.add(EngineBenchmark.result(encoder, bundle, result, rates));
    }
    Files.delete(rates);
  }

  private Device openDevice() {
    try {
      return Devices.open(DeviceChoice.of(device));
    } catch (IllegalArgumentException | DeviceException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  /** What did not run, and how to make it run. */
  private void skip(String what, String why) {
    report.say(what + " did not run: " + why);
    settings.put("not run: " + what, why);
  }
}
