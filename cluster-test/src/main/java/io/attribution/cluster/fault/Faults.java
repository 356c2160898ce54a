package io.attribution.cluster.fault;

import io.attribution.local.RegistryMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * How often each fault happens.
 *
 * @param kills of instances
 * @param registry outages; the modes take turns
 */
public record Faults(
    int kills,
    int zombies,
    int brokerKills,
    int slowBrokers,
    int rolling,
    int scales,
    int registry,
    int fullDisks) {
  private static final List<RegistryMode> OUTAGES =
      List.of(
          RegistryMode.HANGING,
          RegistryMode.DOWN,
          RegistryMode.ERROR_500,
          RegistryMode.HTML,
          RegistryMode.UNAUTHORIZED);

  /**
   * All of them, in an order that the seed decides.
   *
   * @param sessionTimeout of the application's group
   */
  public List<Fault> shuffled(Random random, Duration sessionTimeout) {
    List<Fault> all = new ArrayList<>();
    all.addAll(Collections.nCopies(kills, new KillInstance()));
    all.addAll(Collections.nCopies(zombies, new Zombie(sessionTimeout)));
    all.addAll(Collections.nCopies(brokerKills, new KillBroker()));
    all.addAll(Collections.nCopies(slowBrokers, new SlowBroker()));
    all.addAll(Collections.nCopies(rolling, new RollingRestart()));
    all.addAll(Collections.nCopies(scales, new Scale()));
    all.addAll(Collections.nCopies(fullDisks, new FullLogDisk()));
    for (int outage = 0; outage < registry; outage++) {
      all.add(new RegistryOutage(OUTAGES.get(outage % OUTAGES.size())));
    }
    Collections.shuffle(all, random);
    return all;
  }
}
