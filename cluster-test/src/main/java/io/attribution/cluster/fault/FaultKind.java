package io.attribution.cluster.fault;

import io.attribution.local.RegistryMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The kinds of faults, each with the option that says how often it happens. */
public enum FaultKind {
  KILL("--kills", 1, "kill -9 of instances."),
  ZOMBIE("--zombies", 1, "SIGSTOP of an instance for longer than its group waits."),
  BROKER_KILL("--broker-faults", 1, "kill -9 of a broker."),
  SLOW_BROKER("--slow-brokers", 1, "A broker that stops and goes on in pulses."),
  ROLLING("--rolling", 0, "Rolling restarts of the brokers."),
  SCALE("--scales", 0, "From one instance to three and back."),
  FULL_DISK("--full-disks", 0, "An instance whose log's disk is full."),
  REGISTRY(
      "--registry-faults",
      1,
      "Outages of the registry, in turns: hanging, refusing, 500, HTML, 401.");

  private static final List<RegistryMode> OUTAGES =
      List.of(
          RegistryMode.HANGING,
          RegistryMode.DOWN,
          RegistryMode.ERROR_500,
          RegistryMode.HTML,
          RegistryMode.UNAUTHORIZED);

  private final String option;
  private final int usual;
  private final String description;

  FaultKind(String option, int usual, String description) {
    this.option = option;
    this.usual = usual;
    this.description = description;
  }

  public String option() {
    return option;
  }

  /** How often it happens unless the option says otherwise. */
  public int usual() {
    return usual;
  }

  public String description() {
    return description;
  }

  private Fault fault(int turn, Duration sessionTimeout) {
    return switch (this) {
      case KILL -> new KillInstance();
      case ZOMBIE -> new Zombie(sessionTimeout);
      case BROKER_KILL -> new KillBroker();
      case SLOW_BROKER -> new SlowBroker();
      case ROLLING -> new RollingRestart();
      case SCALE -> new Scale();
      case FULL_DISK -> new FullLogDisk();
      case REGISTRY -> new RegistryOutage(OUTAGES.get(turn % OUTAGES.size()));
    };
  }

  /**
   * All faults of a run, in an order that the seed decides.
   *
   * @param counts how often each happens; not at all where it is missing
   * @param sessionTimeout of the application's group
   */
  public static List<Fault> shuffled(
      Map<FaultKind, Integer> counts, Random random, Duration sessionTimeout) {
    List<Fault> all = new ArrayList<>();
    for (FaultKind kind : values()) {
      for (int turn = 0; turn < counts.getOrDefault(kind, 0); turn++) {
        all.add(kind.fault(turn, sessionTimeout));
      }
    }
    Collections.shuffle(all, random);
    return all;
  }
}
