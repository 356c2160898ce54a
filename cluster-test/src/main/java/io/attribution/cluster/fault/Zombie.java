package io.attribution.cluster.fault;

import io.attribution.cluster.process.Deployment;
import io.attribution.cluster.process.Instance;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;

/**
 * SIGSTOP of an instance for longer than the group waits for it. Its partitions move; when it wakes
 * up it still believes that they are its own, with batches in memory and a transaction open.
 *
 * @param sessionTimeout of the group
 */
record Zombie(Duration sessionTimeout) implements Fault {
  private static final Duration MARGIN = Duration.ofSeconds(4);

  @Override
  public String name() {
    return "zombie: SIGSTOP beyond the session timeout";
  }

  @Override
  public void cause(Deployment deployment, Random random) throws IOException, InterruptedException {
    Instance zombie = deployment.instances().any(random);
    zombie.pause();
    Thread.sleep(sessionTimeout.plus(MARGIN).toMillis() + random.nextInt(5_000));
    zombie.resume();
  }
}
