package io.attribution.cluster.fault;

import io.attribution.cluster.process.Brokers;
import io.attribution.cluster.process.Deployment;
import java.io.IOException;
import java.util.Random;

/** All brokers, one after the other, as for an upgrade: the next one when replicas are in sync. */
record RollingRestart() implements Fault {
  @Override
  public String name() {
    return "rolling restart of the brokers";
  }

  @Override
  public void cause(Deployment deployment, Random random) throws IOException, InterruptedException {
    for (int node = 0; node < Brokers.COUNT; node++) {
      deployment.brokers().stop(node);
      deployment.brokers().start(node);
      deployment.brokers().awaitInSync();
    }
  }
}
