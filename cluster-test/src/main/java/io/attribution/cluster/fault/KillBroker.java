package io.attribution.cluster.fault;

import io.attribution.cluster.process.Brokers;
import io.attribution.cluster.process.Deployment;
import java.io.IOException;
import java.util.Random;

/** kill -9 of a broker, which is also a controller, and a start some seconds later. */
record KillBroker() implements Fault {
  @Override
  public String name() {
    return "kill -9 of a broker";
  }

  @Override
  public void cause(Deployment deployment, Random random) throws IOException, InterruptedException {
    int node = random.nextInt(Brokers.COUNT);
    deployment.brokers().kill(node);
    Thread.sleep(2_000 + random.nextInt(10_000));
    deployment.brokers().start(node);
  }
}
