package io.attribution.benchmarks.engine;

import ai.djl.Device;
import io.attribution.benchmarks.measure.Jmh;
import io.attribution.benchmarks.measure.Machine;
import io.attribution.benchmarks.measure.PythonScript;
import io.attribution.benchmarks.measure.Report;
import io.attribution.benchmarks.measure.Turns;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.internal.jacobian.Devices;
import io.attribution.engine.internal.torch.PyTorch;
import io.attribution.engine.runtime.DeviceChoice;
import io.attribution.engine.runtime.DeviceException;
import io.attribution.engine.runtime.EngineKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
            + " torch.func.vmap(jacrev), torch.autograd.functional.jacobian and captum.")
public final class EngineCommand implements Callable<Integer> {
  @Mixin private Report report;
  @Mixin private Jmh jmh;
  @Spec private CommandSpec spec;

  @Option(
      names = "--python",
      paramLabel = "FILE",
      description =
          "An interpreter with benchmarks/peers/requirements.txt. Without it there are no peers,"
              + " no conv, and no autograd engine but for digits.")
  private Optional<Path> python = Optional.empty();

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

  @Override
  public Integer call() throws IOException, RunnerException {
    requireKnown("encoder", encoders, Stream.of(Encoder.values()).map(Encoder::label).toList());
    requireKnown("peer", peers, EngineTurns.PEERS);
    PyTorch.useThreads(threads);
    Device opened = openDevice();
    Bundles bundles = new Bundles(report.home(), report.scratch().resolve("bundles"));
    settings.put("device", device);
    settings.put("threads of one operation", String.valueOf(threads));
    settings.put("turns", rounds + " rounds of about " + turnSeconds + " s each");
    settings.put("JMH", jmh.description());
    List<EngineTurns.Result> turns = new ArrayList<>();
    if (python.isPresent()) {
      bundles.exportMissing(python.get());
      try (PythonPeer peer =
          new PythonPeer(new PythonScript(python.get(), report.home(), "engine_peer.py"))) {
        takeTurns(bundles, opened, Optional.of(peer), turns);
      }
    } else {
      bundles.generateMissing();
      skip("Python peers", "pip install -r benchmarks/peers/requirements.txt, then add --python");
      takeTurns(bundles, opened, Optional.empty(), turns);
    }
    List<EngineBenchmark.Result> forks = jmh.isOn() ? runJmh(bundles) : List.of();
    report.write(new EngineSection(turns, forks).section(report.run(settings)));
    return 0;
  }

  private void takeTurns(
      Bundles bundles, Device opened, Optional<PythonPeer> peer, List<EngineTurns.Result> results) {
    for (Encoder encoder : chosen()) {
      Optional<ModelBundle> bundle = bundles.load(encoder);
      if (bundle.isEmpty()) {
        skip(encoder.label(), "only Python can make its bundle");
        continue;
      }
      peer.map(p -> p.load(bundles.path(encoder), threads, opened))
          .ifPresent(versions -> settings.put("peers", versions));
      try (EngineTurns turns = new EngineTurns(encoder, bundle.get(), opened, peer, peers)) {
        for (int batch : turnBatches) {
          report.say("turns: " + encoder.label() + ", " + batch + " rows");
          results.add(turns.measure(batch, new Turns(rounds, turnSeconds)));
        }
      }
    }
    String chunks =
        results.stream()
            .filter(result -> !result.chunks().isEmpty())
            .map(result -> result.label() + ": " + result.chunks())
            .collect(Collectors.joining(", "));
    if (!chunks.isEmpty()) {
      settings.put("fastest vmap(jacrev)", chunks);
    }
  }

  private List<EngineBenchmark.Result> runJmh(Bundles bundles) throws IOException, RunnerException {
    List<EngineBenchmark.Result> results = new ArrayList<>();
    for (Encoder encoder : chosen()) {
      Optional<ModelBundle> bundle = bundles.load(encoder);
      if (bundle.isPresent()) {
        report.say("JMH: " + encoder.label());
        results.addAll(runJmh(bundles, encoder, bundle.get()));
      }
    }
    return results;
  }

  private List<EngineBenchmark.Result> runJmh(Bundles bundles, Encoder encoder, ModelBundle bundle)
      throws IOException, RunnerException {
    Path sgemm = Files.createTempFile("sgemm", ".log");
    Path raw = report.scratch().resolve("raw/jmh-engine-" + encoder.label() + ".json");
    List<String> engines =
        EngineUnderTest.KINDS.stream()
            .filter(kind -> EngineUnderTest.canOpen(bundle, kind))
            .map(EngineKind::label)
            .toList();
    List<EngineBenchmark.Result> results = new ArrayList<>();
    for (RunResult result :
        jmh.run(
            EngineBenchmark.class,
            raw,
            options ->
                options
                    .param("encoder", encoder.label())
                    .param("engine", Jmh.values(engines))
                    .param("batch", Jmh.values(batches))
                    .jvmArgsAppend(
                        "-D" + EngineBenchmark.BUNDLES + "=" + bundles.folder(),
                        "-D" + EngineBenchmark.THREADS + "=" + threads,
                        "-D" + EngineBenchmark.DEVICE + "=" + device,
                        "-D" + EngineBenchmark.SGEMM + "=" + sgemm))) {
      results.add(EngineBenchmark.Result.of(result, encoder.operationsPerRow(bundle), sgemm));
    }
    Files.delete(sgemm);
    results.sort(
        Comparator.comparing(EngineBenchmark.Result::what)
            .thenComparing(EngineBenchmark.Result::engine, Comparator.reverseOrder())
            .thenComparing(EngineBenchmark.Result::batch));
    return results;
  }

  private Device openDevice() {
    try {
      return Devices.open(DeviceChoice.of(device));
    } catch (IllegalArgumentException | DeviceException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private List<Encoder> chosen() {
    return encoders.stream().map(label -> Encoder.valueOf(label.toUpperCase(Locale.ROOT))).toList();
  }

  private void requireKnown(String what, List<String> given, List<String> known) {
    for (String name : given) {
      if (!known.contains(name)) {
        throw new ParameterException(
            spec.commandLine(), "'" + name + "' is no " + what + "; choose from " + known);
      }
    }
  }

  /** What did not run, and how to make it run. */
  private void skip(String what, String why) {
    report.say(what + " did not run: " + why);
    settings.put("not run: " + what, why);
  }
}
