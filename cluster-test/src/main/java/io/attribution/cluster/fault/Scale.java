package io.attribution.cluster.fault;

import io.attribution.cluster.process.Deployment;
import io.attribution.cluster.process.Instances;
import java.io.IOException;
import java.util.Random;

/**
 * One instance, then three, then one, then as many as before; those that leave do so either way.
 */
record Scale() implements Fault {
  private static final int MANY = 3;

  @Override
  public String name() {
    return "scale 1, 3, 1 instances";
  }

  @Override
  public void cause(Deployment deployment, Random random) throws IOException, InterruptedException {
    Instances instances = deployment.instances();
    instances.scaleDown(1, true);
    Thread.sleep(2_000);
    instances.scaleUp(MANY);
    instances.awaitReady();
    Thread.sleep(2_000);
    instances.scaleDown(1, random.nextBoolean());
    Thread.sleep(2_000);
    instances.scaleUp(deployment.base());
  }
}
