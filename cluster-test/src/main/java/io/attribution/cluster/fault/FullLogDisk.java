package io.attribution.cluster.fault;

import io.attribution.cluster.process.Deployment;
import io.attribution.cluster.process.Instance;
import io.attribution.local.RegistryMode;
import java.io.IOException;
import java.util.Random;

/** An instance whose log cannot be written: every write ends in ENOSPC. */
record FullLogDisk() implements Fault {
  @Override
  public String name() {
    return "full disk under the log";
  }

  @Override
  public void cause(Deployment deployment, Random random) throws IOException, InterruptedException {
    Instance instance = deployment.instances().any(random);
    instance.stop();
    instance.startWithFullLog();
    deployment.instances().awaitReady();
    // A fault, so that there is something to log.
    deployment.proxy().set(RegistryMode.DOWN);
    deployment.feeder().useNewSchema();
    Thread.sleep(5_000);
    deployment.proxy().set(RegistryMode.OK);
    Thread.sleep(5_000);
    instance.stop();
    instance.start();
  }
}
