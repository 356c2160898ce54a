package io.attribution.cluster.fault;

import io.attribution.cluster.process.Deployment;
import java.io.IOException;
import java.util.Random;

/** Something that happens to a running cluster. */
public interface Fault {
  /** The kind, for the table. */
  String name();

  /**
   * Causes it and takes it back: when this returns, all that is meant to run was started, and
   * nothing is disturbed on purpose any more.
   *
   * @param random decides whom it hits, and for how long
   */
  void cause(Deployment deployment, Random random) throws IOException, InterruptedException;
}
