package io.attribution.cluster.fault;

import io.attribution.cluster.process.Deployment;
import io.attribution.cluster.process.Progress;
import io.attribution.cluster.process.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;

/**
 * One fault and its end.
 *
 * @param disturbed from the fault until nothing was disturbed on purpose any more
 * @param advanced from the fault until every partition's committed offset and output had advanced
 * @param recovered from the fault until that was so and all instances were ready
 * @param revived instances that had ended by themselves and were started again
 */
public record Recovery(
    String fault, Duration disturbed, Duration advanced, Duration recovered, int revived) {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  /**
   * Causes a fault and waits until the application has recovered.
   *
   * @throws IllegalStateException when it does not within five minutes
   */
  public static Recovery of(Fault fault, Deployment deployment, Random random)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    fault.cause(deployment, random);
    Duration disturbed = Duration.ofNanos(System.nanoTime() - begin);
    Watch watch = new Watch(deployment);
    Waiting.until("progress after " + fault.name(), TIMEOUT, watch::hasAdvanced);
    Duration advanced = Duration.ofNanos(System.nanoTime() - begin);
    Waiting.until("instances ready after " + fault.name(), TIMEOUT, watch::isReady);
    Duration recovered = Duration.ofNanos(System.nanoTime() - begin);
    return new Recovery(fault.name(), disturbed, advanced, recovered, watch.revived);
  }

  /** With instances that had ended before the fault. */
  public Recovery withRevived(int more) {
    return new Recovery(fault, disturbed, advanced, recovered, revived + more);
  }

  /** Compares with the first answer that the brokers give after the fault. */
  private static final class Watch {
    private final Deployment deployment;
    private Optional<Progress> first = Optional.empty();
    private int revived;

    Watch(Deployment deployment) {
      this.deployment = deployment;
    }

    boolean hasAdvanced() throws ExecutionException, InterruptedException {
      revive();
      Progress now = Progress.now(deployment.brokers().admin());
      if (first.isEmpty()) {
        first = Optional.of(now);
      }
      return now.isBeyond(first.get());
    }

    boolean isReady() throws ExecutionException, InterruptedException {
      revive();
      return deployment.instances().areReady();
    }

    private void revive() throws ExecutionException, InterruptedException {
      try {
        revived += deployment.instances().revive();
      } catch (IOException e) {
        throw new ExecutionException(e);
      }
    }
  }
}
