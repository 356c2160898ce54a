package io.attribution.cluster.fault;

import io.attribution.cluster.process.Deployment;
import io.attribution.local.RegistryMode;
import java.io.IOException;
import java.util.Locale;
import java.util.Random;

/** The registry does not do its work for a while, just when every instance has to ask it. */
record RegistryOutage(RegistryMode mode) implements Fault {
  @Override
  public String name() {
    return "registry: " + mode.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  @Override
  public void cause(Deployment deployment, Random random) throws IOException, InterruptedException {
    deployment.proxy().set(mode);
    deployment.feeder().useNewSchema();
    Thread.sleep(8_000 + random.nextInt(8_000));
    deployment.proxy().set(RegistryMode.OK);
  }
}
