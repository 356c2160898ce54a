package io.attribution.cluster.fault;

import io.attribution.cluster.process.Deployment;
import io.attribution.cluster.process.Instance;
import java.io.IOException;
import java.util.List;
import java.util.Random;

/** kill -9 of an instance, every fifth time of all at once, and a start soon after. */
record KillInstance() implements Fault {
  @Override
  public String name() {
    return "kill -9 of an instance";
  }

  @Override
  public void cause(Deployment deployment, Random random) throws IOException, InterruptedException {
    List<Instance> hit =
        random.nextInt(5) == 0
            ? deployment.instances().running()
            : List.of(deployment.instances().any(random));
    for (Instance instance : hit) {
      instance.kill();
    }
    Thread.sleep(random.nextInt(3_000));
    for (Instance instance : hit) {
      instance.start();
    }
  }
}
