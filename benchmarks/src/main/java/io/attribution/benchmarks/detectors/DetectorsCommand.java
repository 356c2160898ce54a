package io.attribution.benchmarks.detectors;

import io.attribution.benchmarks.report.Destination;
import io.attribution.benchmarks.report.Figures;
import io.attribution.benchmarks.report.Simulated;
import io.attribution.drift.detector.DetectorKind;
import io.attribution.drift.detector.Direction;
import io.attribution.drift.detector.Sensitivity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench detectors}. */
@Command(
    name = "detectors",
    description = "False alarms and delays of the change detectors in simulated streams.")
public final class DetectorsCommand implements Callable<Integer> {
  private static final double RARE = 1e6;

  @Mixin private Destination destination;

  @Option(
      names = "--healthy",
      defaultValue = "10000000",
      description = "Batches of a healthy encoder. Default: ${DEFAULT-VALUE}.")
  private long healthy;

  @Option(
      names = "--observations",
      defaultValue = "2000000",
      description = "Observations of noise for each detector. Default: ${DEFAULT-VALUE}.")
  private int observations;

  @Option(
      names = "--streams",
      defaultValue = "200",
      description = "Streams for each planted factor. Default: ${DEFAULT-VALUE}.")
  private int streams;

  @Option(
      names = "--factors",
      split = ",",
      defaultValue = "2,3,10,100",
      description = "What the error is multiplied by. Default: ${DEFAULT-VALUE}.")
  private List<Double> factors;

  @Option(
      names = "--false-alarm-every",
      defaultValue = "10000",
      description =
          "Observations between false alarms that are asked for. Default: ${DEFAULT-VALUE}.")
  private double falseAlarmEvery;

  @Mixin private Simulated simulated;

  private final List<String> notes = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    Simulation simulation = new Simulation(simulated.seed());
    Sensitivity wanted = Simulation.wanted(falseAlarmEvery);
    List<Counted.Healthy> quiet = healthy(simulation);
    List<Counted.False> falseAlarms = falseAlarms(simulation, wanted);
    List<Delays> delays = delays(simulation, wanted);
    if (simulated.python().isEmpty()) {
      notes.add("River did not run: no `--python`.");
    }
    destination.writeApart(
        run -> new DetectorsSection(quiet, falseAlarms, delays, notes).section(run),
        Map.of(
            "seed", String.valueOf(simulated.seed()),
            "streams for each factor", String.valueOf(streams),
            "asked for",
                "one false alarm in " + Figures.of(falseAlarmEvery) + ", factor 2, upwards"));
    return 0;
  }

  private List<Counted.Healthy> healthy(Simulation simulation) {
    List<Counted.Healthy> counted = new ArrayList<>();
    Sensitivity wanted = new Sensitivity(RARE, 2, Direction.UP);
    for (HealthyErrors errors : HealthyErrors.values()) {
      long share = errors.isPromised() ? healthy / promised() : observations;
      destination.say("healthy: " + errors.description());
      counted.add(new Counted.Healthy(errors, share, simulation.healthy(errors, share, wanted)));
    }
    return counted;
  }

  private static long promised() {
    return Arrays.stream(HealthyErrors.values()).filter(HealthyErrors::isPromised).count();
  }

  private List<Counted.False> falseAlarms(Simulation simulation, Sensitivity wanted)
      throws IOException {
    List<Counted.False> counted = new ArrayList<>();
    for (Noise noise : Noise.values()) {
      destination.say("no shift: " + noise.description());
      for (DetectorKind kind : DetectorKind.values()) {
        long alarms = simulation.falseAlarms(kind, noise, observations, wanted);
        counted.add(
            new Counted.False(
                kind.label(), noise.description(), observations, alarms, falseAlarmEvery));
      }
    }
    for (Map.Entry<String, List<List<Integer>>> peer :
        peers(simulation.quiet(observations), observations).entrySet()) {
      int alarms = peer.getValue().get(0).size();
      counted.add(
          new Counted.False(peer.getKey(), Noise.KNOWN.description(), observations, alarms, 0));
    }
    return counted;
  }

  private List<Delays> delays(Simulation simulation, Sensitivity wanted) throws IOException {
    List<Delays> delays = new ArrayList<>();
    for (double factor : factors) {
      destination.say("shift: factor " + factor);
      double[] values = simulation.shifted(factor, streams);
      for (DetectorKind kind : DetectorKind.values()) {
        delays.add(new Delays(kind.label(), factor, simulation.find(kind, values, wanted)));
      }
      peers(values, Simulation.BEFORE + Simulation.AFTER)
          .forEach((peer, alarms) -> delays.add(new Delays(peer, factor, found(alarms))));
    }
    return delays;
  }

  private static List<Found> found(List<List<Integer>> streams) {
    List<Found> found = new ArrayList<>();
    for (List<Integer> alarms : streams) {
      Found stream = new Found();
      alarms.forEach(place -> stream.alarm(place, 0));
      found.add(stream);
    }
    return found;
  }

  private Map<String, List<List<Integer>>> peers(double[] values, int length) throws IOException {
    if (simulated.python().isEmpty()) {
      return Map.of();
    }
    return new RiverPeer(
            simulated.python().get(),
            destination.home().resolve("benchmarks/peers/detector_peer.py"))
        .alarms(values, length, falseAlarmEvery);
  }
}
