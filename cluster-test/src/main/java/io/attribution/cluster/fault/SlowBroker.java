package io.attribution.cluster.fault;

import io.attribution.cluster.process.Brokers;
import io.attribution.cluster.process.Deployment;
import java.io.IOException;
import java.util.Random;

/**
 * A broker that answers in bursts: SIGSTOP and SIGCONT in turns, too short to be taken for dead.
 */
record SlowBroker() implements Fault {
  private static final int PULSES = 8;

  @Override
  public String name() {
    return "slow broker: SIGSTOP in pulses";
  }

  @Override
  public void cause(Deployment deployment, Random random) throws IOException, InterruptedException {
    int node = random.nextInt(Brokers.COUNT);
    for (int pulse = 0; pulse < PULSES; pulse++) {
      deployment.brokers().pause(node);
      Thread.sleep(500 + random.nextInt(1_000));
      deployment.brokers().resume(node);
      Thread.sleep(100 + random.nextInt(400));
    }
  }
}
