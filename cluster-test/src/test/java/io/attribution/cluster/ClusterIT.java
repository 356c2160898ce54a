package io.attribution.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.cluster.ClusterTest.Outcome;
import io.attribution.cluster.fault.FaultKind;
import io.attribution.cluster.process.Checkout;
import io.attribution.cluster.process.Deployment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The short run; {@code ./attribution cluster-test} is the long one. */
class ClusterIT {
  private static final long SEED = 22;
  private static final int RECORDS = 5_000;

  /** The shortest that brokers allow, so that the group moves on soon. */
  private static final Map<String, String> SETTINGS = Map.of(ClusterTest.SESSION, "6000");

  @Test
  void losesAndDoublesNothingThroughTheMainFaults() throws Exception {
    Path work = Files.createDirectories(Path.of("target", "cluster").toAbsolutePath());
    Path directory = Files.createTempDirectory(work, "run");
    Checkout checkout = new Checkout(Path.of("..").toAbsolutePath().normalize());
    Deployment.Plan plan = new Deployment.Plan(checkout, directory, SETTINGS, 6, 2, 300, SEED);
    Map<FaultKind, Integer> faults =
        Map.of(
            FaultKind.KILL,
            1,
            FaultKind.ZOMBIE,
            1,
            FaultKind.BROKER_KILL,
            1,
            FaultKind.REGISTRY,
            1);

    Outcome outcome = ClusterTest.of(plan, RECORDS, faults, true, System.out::println).run();

    assertThat(outcome.isPassed()).as(OutcomeTable.of(outcome)).isTrue();
    assertThat(outcome.records()).isGreaterThanOrEqualTo(RECORDS);
    assertThat(outcome.recoveries()).hasSize(4);
  }
}
