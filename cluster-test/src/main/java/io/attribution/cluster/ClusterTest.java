package io.attribution.cluster;

import io.attribution.cluster.check.CompletenessCheck;
import io.attribution.cluster.check.Findings;
import io.attribution.cluster.check.TopicScan;
import io.attribution.cluster.fault.Fault;
import io.attribution.cluster.fault.FaultKind;
import io.attribution.cluster.fault.Recovery;
import io.attribution.cluster.process.Application;
import io.attribution.cluster.process.Deployment;
import io.attribution.cluster.process.Progress;
import io.attribution.cluster.process.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * One run: starts a cluster, feeds it, causes one fault after the other, and looks at what became
 * of every record.
 *
 * @param records to be written at least; more where the faults take longer
 * @param faults in this order
 * @param random decides about everything that the seed decides, besides the feed
 * @param log receives a line for every step
 */
record ClusterTest(
    Deployment.Plan plan,
    int records,
    List<Fault> faults,
    boolean exactlyOnce,
    Random random,
    Consumer<String> log) {
  /** Without any progress for so long, nothing more will come. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final int LONGEST_PAUSE_MS = 6_000;

  /** The application's setting that decides how long a zombie has to sleep. */
  static final String SESSION = "session.timeout.ms";

  /** A run of so many faults of each kind, in the order that the plan's seed decides. */
  static ClusterTest of(
      Deployment.Plan plan,
      int records,
      Map<FaultKind, Integer> faults,
      boolean exactlyOnce,
      Consumer<String> log) {
    Random random = new Random(plan.seed());
    Duration sessionTimeout =
        Duration.ofMillis(Long.parseLong(plan.settings().getOrDefault(SESSION, "10000")));
    List<Fault> all = FaultKind.shuffled(faults, random, sessionTimeout);
    return new ClusterTest(plan, records, all, exactlyOnce, random, log);
  }

  Outcome run() throws IOException, InterruptedException {
    log.accept("starting three brokers and " + plan.instances() + " instances");
    try (Deployment deployment = Deployment.start(plan)) {
      deployment.feeder().start();
      List<Recovery> recoveries = new ArrayList<>();
      Optional<String> failure = causeFaults(deployment, recoveries);
      log.accept(failure.orElse("feeding the rest"));
      deployment.feeder().finish(records);
      return outcome(deployment, recoveries, failure);
    }
  }

  /** Stops at the first fault that the application does not survive, and says which. */
  private Optional<String> causeFaults(Deployment deployment, List<Recovery> recoveries)
      throws IOException, InterruptedException {
    for (Fault fault : faults) {
      Thread.sleep(random.nextInt(LONGEST_PAUSE_MS));
      try {
        recoveries.add(recover(fault, deployment));
      } catch (IllegalStateException e) {
        return Optional.of(fault.name() + ": " + e.getMessage());
      }
    }
    return Optional.empty();
  }

  private Recovery recover(Fault fault, Deployment deployment)
      throws IOException, InterruptedException {
    deployment.brokers().awaitInSync();
    int revived = deployment.instances().revive();
    deployment.instances().awaitReady();
    log.accept(fault.name());
    Recovery recovery = Recovery.of(fault, deployment, random).withRevived(revived);
    log.accept(
        "  disturbed for %.1f s, all partitions advanced after %.1f s, recovered after %.1f s%s"
            .formatted(
                recovery.disturbed().toMillis() / 1e3,
                recovery.advanced().toMillis() / 1e3,
                recovery.recovered().toMillis() / 1e3,
                recovery.revived() > 0 ? ", started again: " + recovery.revived() : ""));
    return recovery;
  }

  private Outcome outcome(
      Deployment deployment, List<Recovery> recoveries, Optional<String> failure)
      throws IOException, InterruptedException {
    log.accept("checking " + deployment.feeder().ledger().size() + " records");
    CompletenessCheck check =
        new CompletenessCheck(
            deployment.feeder().feed(),
            deployment.feeder().ledger(),
            Application.TOPICS,
            exactlyOnce);
    try (TopicScan scan =
        new TopicScan(
            deployment.brokers().bootstrapServers(),
            deployment.registry().url(),
            Application.TOPICS,
            check)) {
      scan.readUntilComplete(PATIENCE);
      Map<String, Long> logLines = deployment.instances().logLines();
      deployment.instances().scaleDown(0, true);
      Admin admin = deployment.brokers().admin();
      Waiting.until("end of all transactions", TIMEOUT, () -> isSettled(admin));
      scan.readToEnd();
      return new Outcome(
          deployment.feeder().ledger().size(), recoveries, failure, check.findings(), logLines);
    }
  }

  /** Whether no output hides behind an open transaction. */
  private static boolean isSettled(Admin admin) throws ExecutionException, InterruptedException {
    List<String> outputs =
        List.of(
            Application.TOPICS.projected(),
            Application.TOPICS.reduced(),
            Application.TOPICS.verification(),
            Application.TOPICS.deadLetter());
    Map<TopicPartition, Long> stable = Progress.ends(admin, outputs, IsolationLevel.READ_COMMITTED);
    return stable.equals(Progress.ends(admin, outputs, IsolationLevel.READ_UNCOMMITTED));
  }

  /**
   * What a run showed.
   *
   * @param records written
   * @param failure the fault that the application did not survive
   * @param logLines by instance
   */
  record Outcome(
      int records,
      List<Recovery> recoveries,
      Optional<String> failure,
      Findings findings,
      Map<String, Long> logLines) {
    Outcome {
      recoveries = List.copyOf(recoveries);
    }

    /** Whether the application survived every fault and kept its guarantee. */
    boolean isPassed() {
      return failure.isEmpty() && findings.isClean();
    }
  }
}
