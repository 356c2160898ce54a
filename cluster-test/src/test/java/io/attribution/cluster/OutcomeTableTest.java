package io.attribution.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.cluster.ClusterTest.Outcome;
import io.attribution.cluster.check.Findings;
import io.attribution.cluster.check.Findings.Occurrences;
import io.attribution.cluster.check.Violation;
import io.attribution.cluster.fault.Recovery;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutcomeTableTest {
  @Test
  void showsRecoveryTimesByFaultAndTheFirstPositionsOfWhatIsWrong() {
    Findings.Topic projected =
        new Findings.Topic(
            "projected",
            100,
            98,
            Map.of(
                Violation.LOST, new Occurrences(2, List.of("0@7: no output", "1@9: no output"))));
    Findings.Topic reduced = new Findings.Topic("reduced", 100, 100, Map.of());
    List<Recovery> recoveries =
        List.of(
            recovery("kill", 1, 9, 0), recovery("zombie", 12, 20, 0), recovery("kill", 2, 11, 1));

    String table =
        OutcomeTable.of(
            new Outcome(
                101,
                recoveries,
                Optional.of("zombie: too slow"),
                new Findings(List.of(projected, reduced), List.of()),
                Map.of("instance-0", 12L)));

    assertThat(table)
        .contains("| kill | 2 | 2.0 | 10.0 | 11.0 | 11.0 | 1 |")
        .contains("| zombie | 1 | 12.0 | 19.0 | 20.0 | 20.0 | 0 |")
        .contains("| projected | 100 | 98 | 2 | 0 |")
        .contains("| reduced | 100 | 100 | 0 | 0 |")
        .contains("projected, lost, the first: 0@7: no output; 1@9: no output")
        .contains("101 records, 3 faults: lost 2, doubled 0, out of order 0.")
        .contains("Not recovered: zombie: too slow.")
        .contains("Log lines: {instance-0=12}.");
  }

  private static Recovery recovery(String fault, int disturbed, int recovered, int revived) {
    return new Recovery(
        fault,
        Duration.ofSeconds(disturbed),
        Duration.ofSeconds(recovered - 1),
        Duration.ofSeconds(recovered),
        revived);
  }
}
